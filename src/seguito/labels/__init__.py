"""What people write, read by code: labels with a source, a value and a score.

In: posts as Arrow batches. Out: labels. Measures and everything above may import it. Start with `contract.py`.
"""
