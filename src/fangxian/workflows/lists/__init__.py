"""Steps of the story of a list that is matched: headings, cells, rows."""
