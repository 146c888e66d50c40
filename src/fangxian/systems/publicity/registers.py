"""Registers of publicity."""
