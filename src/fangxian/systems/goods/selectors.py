"""Questions to goods."""
