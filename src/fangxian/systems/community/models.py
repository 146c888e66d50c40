"""Community: what residents report, who volunteers, and the gatherings they give notice of."""
