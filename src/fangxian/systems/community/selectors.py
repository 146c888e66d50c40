"""Questions to community."""
