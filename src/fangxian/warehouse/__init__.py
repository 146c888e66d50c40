"""The way from the systems' tables to the engines' tables: the visit log and the bridge to tracing."""
