"""Steps of the story of a passage."""
