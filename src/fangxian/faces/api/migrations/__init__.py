"""Tables of the interface."""
