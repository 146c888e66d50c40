"""Pages of environment."""
