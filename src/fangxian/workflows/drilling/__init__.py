"""The steps of a drill: its cast, how something is played in, how a reaction is seen and brought back."""
