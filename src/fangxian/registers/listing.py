"""Lists: first the ids of one page, then the rows of those ids; counts stop at 10,000.

Exact counts and deep offsets are the slow paths every older platform was criticised for, so they do not exist here.
"""

from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from fangxian.core import scope
from fangxian.core.areas import code_range
from fangxian.core.fields import blind
from fangxian.core.identity import normalise
from fangxian.registers.filters import filter_form

PAGE_SIZE = 25
COUNT_LIMIT = 10_000


@dataclass(frozen=True)
class Query:
    """What is asked of a list."""

    search: str = ""
    area: str = ""
    filters: dict[str, str] = field(default_factory=dict)
    order: str = ""
    page: int = 1


@dataclass
class Page:
    """One page of a list. `more` says that the count stopped at the limit."""

    rows: list[Any]
    number: int
    count: int
    more: bool

    @property
    def pages(self) -> int:
        """How many pages can be turned to."""
        return max(1, -(-self.count // PAGE_SIZE))

    @property
    def previous(self) -> int | None:
        """The page before, if any."""
        return self.number - 1 if self.number > 1 else None

    @property
    def next(self) -> int | None:
        """The page after, if any."""
        return self.number + 1 if self.number < self.pages else None


def page(register, query: Query) -> Page:
    """One page, with three database queries whatever its length."""
    found = select(register, query)
    count = found.order_by()[: COUNT_LIMIT + 1].values("pk").count()
    more, count = count > COUNT_LIMIT, min(count, COUNT_LIMIT)
    number = min(max(query.page, 1), max(1, -(-count // PAGE_SIZE)))
    start = (number - 1) * PAGE_SIZE
    ids = list(_ordered(register, query, found).values_list("pk", flat=True)[start : start + PAGE_SIZE])
    return Page(fetch(register, ids), number, count, more)


def fetch(register, ids: list) -> list:
    """The rows of these ids, in their order, with what the columns show."""
    rows = register.rows().select_related(*register.fetched).in_bulk(ids)
    return [rows[pk] for pk in ids if pk in rows]


def select(register, query: Query) -> QuerySet:
    """The rows a query asks for, not yet fetched."""
    found = _inside(register, query.area)
    if query.filters:
        found = _filtered(register, query, found)
    return _searched(register, normalise(query.search), found)


def _inside(register, area: str) -> QuerySet:
    """The rows of one area. Where the area is all that scope asks for, scope itself is cut down to it: SQLite uses
    one range of a column for its index and tests the other row by row."""
    if not area:
        return register.rows()
    if register.model.scope_fields == ("area",):
        with scope.narrowed(area):
            return register.rows()
    low, high = code_range(area)
    return register.rows().filter(area_id__gte=low, area_id__lt=high)


def prefix(name: str, term: str) -> Q:
    """Begins with, as a half-open range, which both stores answer from an index."""
    low, high = code_range(term)
    return Q(**{f"{name}__gte": low, f"{name}__lt": high})


def _filtered(register, query: Query, found: QuerySet) -> QuerySet:
    form = filter_form(register, query.filters, found)
    if not form.is_valid():
        raise ValidationError(form.errors.get_json_data())
    return form.qs


def _searched(register, term: str, found: QuerySet) -> QuerySet:
    """The rows a search term means.

    A full identity number or phone goes to the blind index alone. Anything else is a prefix of the first text field
    that has such a row, and orders the list by it: one range of one index, where an “or” over two would be sorted.
    """
    if not term:
        return found
    if register.search_exact and _looks_like_a_number(term):
        return found.filter(_exactly(register, term))
    for name in register.search:
        begins = prefix(name, term.lower() if name == "initials" else term)
        hits = found.filter(begins).order_by(name, "pk")
        # outside any scope first: that is a seek, and most terms fit one field only
        if register.model.unscoped.filter(begins).exists() and hits.values_list("pk")[:1]:
            return hits
    return found.none()


def _exactly(register, term: str) -> Q:
    condition = Q(pk__in=[])
    for name in register.search_exact:
        index = next(field.name for field in register.model._meta.fields if getattr(field, "of", None) == name)
        condition |= Q(**{index: blind(register.model, name, term)})
    return condition


def _looks_like_a_number(term: str) -> bool:
    return len(term) >= 6 and sum(character.isdigit() for character in term) >= 6


def _ordered(register, query: Query, found: QuerySet) -> QuerySet:
    """In the order asked for; else in that of the search; else in the register's own."""
    wanted = query.order.lstrip("-")
    if not wanted:
        return found if found.query.order_by else found.order_by(*register.ordering)
    for item in register.shown:
        if item.name == wanted and item.sort:
            return found.order_by(("-" if query.order.startswith("-") else "") + item.sort, "pk")
    raise ValidationError(_("This list cannot be sorted by “%(column)s”.") % {"column": wanted})
