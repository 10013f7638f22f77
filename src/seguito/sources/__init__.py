"""Where facts come from: platform APIs (connectors) and files (importers).

In: an account's name or a file. Out: record batches of facts and what could not be read. Only `pipeline.py` and the
command line import it; it does not know the lake. Start with `contract.py`.
"""
