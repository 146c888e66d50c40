"""Reading line lists as they are: which column is what, what a cell says, which source a sentence names."""
