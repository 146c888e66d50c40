"""Directives: meetings and what they resolved, handed down area by area, answered and checked."""
