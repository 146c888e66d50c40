"""Verbs of goods."""
