"""The command of an area: its operating mode, the duty that goes with it, how long it has been clear, its groups."""
