"""Readiness: communities free of the epidemic, and schools ready to open, shown by evidence."""
