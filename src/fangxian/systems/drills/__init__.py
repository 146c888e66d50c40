"""Drills: scenarios run on a copy of the county, timed against the clocks, and evaluated."""
