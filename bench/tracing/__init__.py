"""Tracing over millions of visits beside its peers, in one run: `python -m bench.tracing --visits 10000000`."""
