"""Early warning: feeds of counts, the signals found in them, and what became of each."""
