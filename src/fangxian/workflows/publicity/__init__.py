"""Steps of the stories of publicity: deriving advice, putting it into words, the figures of the public page."""
