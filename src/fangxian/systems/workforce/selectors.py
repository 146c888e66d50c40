"""Workforce: who stands on the front line, how long, with what rest, training and support."""
