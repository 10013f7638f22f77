"""Bluesky and other AT Protocol networks, read through public endpoints without a key.

`client.py` is network without meaning, `mapping.py` meaning without network; NOTES.md holds the field notes.
"""
