"""Pages of the resident, who has no account."""
