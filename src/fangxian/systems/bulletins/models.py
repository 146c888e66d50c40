"""Bulletins: documents read and mended, their measures, and what a person confirmed of them."""
