"""A county, its people and an outbreak day, all synthetic and marked as such."""
