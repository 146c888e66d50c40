"""Figures: a label, a number, and the list that shows exactly the rows counted."""

from dataclasses import dataclass

from fangxian.faces.web.registers import named
from fangxian.registers import site


@dataclass(frozen=True)
class Figure:
    """One figure; `url` opens its rows."""

    label: str
    value: int
    url: str
    tone: str = ""
    note: str = ""


def figure(officer, slug: str, key: str, label, *, value: str = "", area: str = "", tone: str = "", note: str = ""):
    """Count a named list in the scope of the officer's right to read it; None when there is no such right."""
    if not readable(officer, slug):
        return None
    with site.get(slug).scope(officer, "read"):
        count = named.rows(slug, key, value, area).order_by().count()
    return Figure(str(label), count, named.url(slug, key, value, area), tone if count else "", str(note))


def row_of(officer, *asked: tuple) -> list[Figure]:
    """Several figures (slug, key, label, keyword arguments); those the officer may not read are left out."""
    made = [figure(officer, slug, key, label, **options) for slug, key, label, options in asked]
    return [one for one in made if one is not None]


def readable(officer, slug: str) -> bool:
    """Whether there is such a register and the officer may read it."""
    return slug in site and bool(site.get(slug).may(officer, "read"))
