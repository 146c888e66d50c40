"""The figures of the board."""
