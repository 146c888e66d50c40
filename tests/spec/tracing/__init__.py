"""The definition of a trace as drawn tables, each run on every engine; docs/tracing.md shows them."""
