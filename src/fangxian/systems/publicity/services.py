"""Verbs of publicity."""
