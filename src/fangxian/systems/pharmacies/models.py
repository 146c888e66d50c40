"""Pharmacies: sales of the classes under watch, the ladder of their modes, and call-backs."""
