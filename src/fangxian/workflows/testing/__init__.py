"""Steps of a round of tests."""
