"""Promises measured: each check ends with one line for machines."""
