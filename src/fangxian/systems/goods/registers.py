"""Registers of goods."""
