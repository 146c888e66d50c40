"""Tables of the phone face."""
