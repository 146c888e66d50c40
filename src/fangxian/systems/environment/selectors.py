"""Questions to environment."""
