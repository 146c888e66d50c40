"""Questions to pharmacies."""
