"""Seguito: the relation between a creator, the community that follows them and the brands that would speak to it."""

__version__ = "0.1.0"
