"""Registers (台账): one declaration, and every face of it is derived.

class PlaceRegister(Register):
    \"\"\"Venues with their public codes.\"\"\"
    model = Place
    columns = ("name", "kind", "area")
    filters = ("kind",)
    search = ("name",)
    form = ("area", "name", "code", "kind")
    key = ("code",)
    permission = "screening"
"""

from importlib import import_module

_HOMES = {"Column": "columns", "Register": "register", "site": "collection"}
__all__ = ["Column", "Register", "site"]  # noqa: F822  (found by __getattr__)


def __getattr__(name: str):
    """Import late: Django loads this package before any model may be imported."""
    if name not in _HOMES:
        raise AttributeError(name)
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
