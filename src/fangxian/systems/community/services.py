"""Verbs of community."""
