"""Pages of risk areas: the board, one area's history, proposing on a map, what would change, whom a run found."""
