"""Pages of letters of assistance."""
