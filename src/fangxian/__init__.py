"""Fangxian (防线): outbreak prevention and control, from the prefecture to the grid cell."""

__version__ = "0.1.0"
