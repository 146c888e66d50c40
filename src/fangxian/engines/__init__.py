"""Engines: plain Python, tables in, tables out. No web framework, no database of the platform, no settings."""
