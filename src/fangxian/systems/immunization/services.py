"""Verbs of immunization."""
