"""Parts of the story of a finding: the key places, when they are due, and who answers there."""
