"""Steps of the story of contaminated goods: what was reached, who handled it, what is handed down, the report."""
