"""Questions answered: estimates out, each with its interval, n, window, coverage and status.

In: a creator's space at one snapshot. Out: estimates. The dossier and everything above may import it.
Start with `contract.py`, then `dialogue.py`.
"""
