"""Pages of points of entry."""
