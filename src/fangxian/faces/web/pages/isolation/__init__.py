"""Pages of isolation sites."""
