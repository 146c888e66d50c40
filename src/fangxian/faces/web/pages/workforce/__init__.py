"""Pages of workforce."""
