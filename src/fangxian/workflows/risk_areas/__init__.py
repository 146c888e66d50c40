"""Steps of the story of a risk area: who was there, whom it concerns, what changed, what follows."""
