"""A dossier shown: JSON is the report, HTML and charts are a view of it.

In: a dossier. Out: bytes. Only the doors import it. Start with `canonical.py` (the JSON), then `html.py` (the page).
"""
