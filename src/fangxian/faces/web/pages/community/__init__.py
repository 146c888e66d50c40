"""Pages of community."""
