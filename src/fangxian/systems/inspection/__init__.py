"""Inspection: what was found wrong, who mends it until when, and whether somebody looked again."""
