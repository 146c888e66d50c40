"""Pages of medical care."""
