"""The pages of the story: my ledger, tasks, a case, an event, the situation, tracing, administration.

Written by hand over selectors and services; lists and records are the register pages'.
"""
