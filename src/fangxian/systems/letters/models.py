"""Letters of assistance: whom we ask other commands to find, whom they ask us for, and what came back."""
