"""Matching a list against people on record: how fast and how often right, beside what a text similarity finds."""
