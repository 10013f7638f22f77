"""Files people already have: one module per format, and `recognise.py` to tell them apart.

Bytes become a `Grid` of text (`delimited`, `json_rows`, `parquet_rows`), a `Mapping` says what its columns mean
(fixed for known tools, proposed by `propose` for any other table), and `reading` turns both into facts. Start with
`layout.py`.
"""
