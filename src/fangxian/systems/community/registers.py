"""Registers of community."""
