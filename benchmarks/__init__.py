"""How long the whole way takes, how much memory, and how that compares with a plain script.

Run `python -m benchmarks.run`; start reading with `run.py`.
"""
