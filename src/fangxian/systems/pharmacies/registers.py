"""Registers of pharmacies."""
