"""Visits from doors, gates and phones: a bare ASGI handler beside Django, answered after the shared commit."""
