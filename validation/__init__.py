"""What the detectors reach on worlds whose truth is known: `make validate`. Start at `table.py`, then `run.py`."""
