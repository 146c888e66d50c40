"""Registers of environment."""
