"""The phone in the field: pages that work without a network, and the one door their entries come in by."""
