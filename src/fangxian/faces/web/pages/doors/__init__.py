"""Pages of the grid worker's day."""
