"""Verbs of pharmacies."""
