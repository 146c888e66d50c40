"""Pages of risk areas."""
