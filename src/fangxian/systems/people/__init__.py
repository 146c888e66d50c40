"""People: the people of the area, their households and the grid cells that answer for them."""
