"""Checkpoints: points of entry, their shifts, and the vehicles and people that pass them."""
