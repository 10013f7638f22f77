"""Named topics that know nothing of social data.

In: nothing of ours. Out: errors, clock, settings, http, intervals, pseudonyms, progress. Everyone may import it.
Start with `errors.py`.
"""
