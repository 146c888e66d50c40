"""Supplies: what the stores hold, what moves between them, and who asked for what."""
