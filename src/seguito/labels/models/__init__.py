"""The compact reader: one small model that reads a text once and answers for many labels.

A text becomes keys of n-grams (`features`), keys become integers and integers probabilities (`reader`), by numpy alone
or, bit for bit the same, by a small C source compiled when the package is built (`fast`). What was learnt stands in
weight files (`weights`); `models.toml` says where each comes from.
"""
