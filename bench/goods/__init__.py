"""Recalls among a million movements of goods, beside recursive queries in PostgreSQL and DuckDB."""
