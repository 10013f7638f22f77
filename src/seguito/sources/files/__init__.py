"""Files people already have: one module per format, and `recognise.py` to tell them apart."""
