"""Parts of the stories of the people on the front line."""
