"""Named lists: a register narrowed by a condition that has a name, so that a figure and its rows are one query.

`?list=overdue` on the register of tasks shows exactly the tasks counted under “overdue”; `&value=` fills a condition
that needs one (a day). A figure on a page is `count(...)` of the same list.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from fangxian.registers import site
from fangxian.registers.listing import Query, select


@dataclass(frozen=True)
class NamedList:
    """One list: of which register, called what, narrowed how."""

    key: str
    register: str
    label: str | Promise
    condition: Callable[[str], Q]
    called: Callable[[str], str] | None = None

    def title(self, value: str = "") -> str:
        """Its name, with the value where it takes one; a list whose value is not for reading says what it is called."""
        return self.called(value) if self.called else f"{self.label} {value}".strip()


class Narrowed:
    """A register whose rows are those of a named list; everything else is the register's."""

    def __init__(self, register, named: NamedList, value: str):
        self._register, self.named, self.value = register, named, value

    def __getattr__(self, name: str):
        return getattr(self._register, name)

    def __hash__(self) -> int:
        return hash(self._register)

    def __eq__(self, other) -> bool:
        """The framework keeps form and filter classes by register; a narrowed one shares them."""
        return other is self._register or getattr(other, "_register", None) is self._register

    @property
    def asked(self) -> dict[str, str]:
        """The list as it is asked for in an address."""
        return _asked(self._register, self.named.key, self.value)

    def rows(self) -> QuerySet:
        """The register's rows that the list names."""
        return self._register.rows().filter(self.named.condition(self.value))


_lists: dict[tuple[str, str], NamedList] = {}


def add(
    key: str, register: str, label: str | Promise, condition: Callable[[str], Q],
    *, called: Callable[[str], str] | None = None,
) -> NamedList:  # fmt: skip
    """Declare a list; the condition is a function so that it knows the time it is asked."""
    named = NamedList(key, register, label, condition, called)
    _lists[register, key] = named
    return named


def all_lists() -> list[NamedList]:
    """Every declared list."""
    return list(_lists.values())


def narrow(register, key: str, value: str = ""):
    """The register itself, or narrowed to the list with this key; raises `ValidationError` for an unknown one."""
    if not key:
        return register
    if " " in key:
        key, _space, value = key.partition(" ")
    if (register.slug, key) not in _lists:
        raise ValidationError(_("There is no list “%(key)s” here.") % {"key": key[:40]})
    return Narrowed(register, _lists[register.slug, key], value)


def rows(slug: str, key: str = "", value: str = "", area: str = "") -> QuerySet:
    """The rows of a list inside the scope in force: what a figure counts and what its link shows."""
    return select(narrow(site.get(slug), key, value), Query(area=area))


def url(slug: str, key: str = "", value: str = "", area: str = "") -> str:
    """The page that shows those rows."""
    asked = {**_asked(site.get(slug), key, value), "area": area}
    query = urlencode({name: given for name, given in asked.items() if given})
    return reverse("register", args=[slug]) + (f"?{query}" if query else "")


def _asked(register, key: str, value: str) -> dict[str, str]:
    """Key and value as parameters; as one where the register has a filter of its own called `value`."""
    if value and "value" in register.filters:
        return {"list": f"{key} {value}"}
    return {"list": key, "value": value}


def day_of(value: str) -> date:
    """The value of a list of one day."""
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValidationError(_("“%(value)s” is not a day.") % {"value": value[:20]}) from None


def uuid_of(value: str) -> UUID:
    """The value of a list of what hangs on one record."""
    try:
        return UUID(value)
    except ValueError:
        raise ValidationError(_("“%(value)s” names no record.") % {"value": value[:20]}) from None
