"""A community with planted truth: numpy only, one seed one world.

In: a seed and a scenario. Out: the files that sources read, and the truth. Start with `community.py`.
"""
