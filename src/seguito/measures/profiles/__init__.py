"""How like sold followers profiles are, as shares of many and never of one.

Start with `points.toml` (what counts, how much, and who found it) and `scorer.py`. `fields.py` says what is read of a
profile, `columns.py` finds it in files, `counted.py` in a lake; `errors.toml` holds how often the scorer was wrong.
"""
