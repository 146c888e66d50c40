"""Quarantine: sites, rooms, stays and daily checks."""
