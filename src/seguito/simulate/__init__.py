"""A community with planted truth: numpy only, one seed one world.

In: a seed and a size. Out: the files that sources read, and the truth. The pipeline never imports it, so nothing can
tell a simulated community from another but its mark. Start with `community.py`.
"""
