"""Passages of a checkpoint: one a request against many a request, at the same durability."""
