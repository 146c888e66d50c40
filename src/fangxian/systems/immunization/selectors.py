"""Questions to immunization."""
