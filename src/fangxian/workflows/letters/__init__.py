"""Steps of the story of letters: whom to ask, what came back, papers, sheets, and the way to partners."""
