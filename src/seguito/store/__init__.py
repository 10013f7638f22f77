"""Where facts are kept: appended in whole batches, read as versioned tables, erased when they must be.

In: record batches of facts. Out: Ibis tables of one snapshot, on DuckDB or Spark. Measures and everything above may
import it; sources do not know it. Start with `lake.py`.
"""
