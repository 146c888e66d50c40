"""Tests of the workforce."""
