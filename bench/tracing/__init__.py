"""Tracing over millions of visits beside its peers, in one run: `python -m bench.tracing --visits 10000000`."""

import fangxian  # noqa: F401  (before NumPy: which sorts to avoid on this processor, for every peer alike)
