"""Publicity: messages and travel advice by audience, area and date, approved by two."""
