"""The command line: one file per command, no logic of its own.

In: words a person typed. Out: results on stdout, talk on stderr. Nothing imports it. Start with `main.py`.
"""
