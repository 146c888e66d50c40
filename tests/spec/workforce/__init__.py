"""Spec tests of the workforce."""
