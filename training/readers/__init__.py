"""Readers of the data sets, one module per tier. Data sets are read where they lie; no row of them is kept here."""
