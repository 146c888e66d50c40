"""Pages of arrivals and their closed loop."""
