"""The data dictionary: what was seen, where and when.

In: nothing. Out: one frozen dataclass per fact, its Arrow schema and its table. Every stage may import it.
Start with `tables.py`, then `post.py`.
"""
