"""Registers of immunization."""
