"""Verbs of environment."""
