"""Settings, addresses and the server's entry: the only layer that knows every other."""
