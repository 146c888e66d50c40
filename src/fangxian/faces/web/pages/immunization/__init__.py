"""Pages of immunization."""
