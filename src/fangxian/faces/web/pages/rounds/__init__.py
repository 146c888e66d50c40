"""Pages of test rounds."""
