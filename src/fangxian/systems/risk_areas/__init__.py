"""Risk areas: dated, versioned levels and zones, and whom a change of them concerns."""
