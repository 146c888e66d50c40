"""Immunization: sites, schedules, doses, stock, adverse events, coverage."""
