"""Screening: places with their codes, where people check in."""
