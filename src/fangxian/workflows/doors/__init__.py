"""Steps of the grid worker's day."""
