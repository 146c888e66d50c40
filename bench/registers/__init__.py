"""List pages over a million people on the embedded default: queries and CPU time of each, the whole page rendered."""
