"""How many queries the lists of every register take, on page, lookup and interface: the same for 3 and 15 rows.

The numbers are kept in `tests/snapshots/query_counts.json`, so that a change shows in the review.
"""

import json
import os
from pathlib import Path

import pytest
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from fangxian.core import scope
from fangxian.core.areas import Area
from fangxian.core.officers import Officer
from fangxian.registers import site
from tests.registers.faces import Faces, everything
from tests.registers.samples import MOMENT, _related, make

FILE = Path(__file__).parents[1] / "snapshots" / "query_counts.json"
FEW, MANY = 3, 15
SECOND = ("countersigned_by", "second_by")
# What goes with a link in the database's eyes: a request somebody has answered is open no more.
ALONG = {
    "inspection.sheet": {"state": "DONE"},
    "quarantine.guestrequest": {"state": "ANSWERED"},
    "community.publicreport": {"state": "PASSED_ON"},
    "supplies.movement": {"kind": "ARRIVED", "change": models.F("quantity")},
    "surveillance.signal": {"state": "JUDGED", "verdict": "CHANCE"},
}


def counted(faces: Faces) -> dict[str, int]:
    """Queries of each face that lists rows, once session and settings are warm."""
    asked = {"page": lambda: faces.get("list"), "lookup": lambda: faces.get("lookup"), "api": lambda: faces.api("GET")}
    return {name: _count(ask) for name, ask in asked.items()}


def _count(ask) -> int:
    with CaptureQueriesContext(connection) as queries:
        answer = ask()
    assert answer.status_code == 200
    return len(queries)


def fill(register, area: Area, number: int, officer: Officer) -> None:
    """Rows with every link set that a column shows, also those a row need not have, each to a record of its own."""
    for _row in range(number):
        row = make(register, area)
        links = [register.model._meta.get_field(name) for name in register.related]
        empty = [field for field in links if getattr(row, field.attname) is None]
        given = {field.attname: _linked(register, field, area, officer).pk for field in empty}
        given |= {name: MOMENT for field in empty if (name := _moment_of(register, field))}
        register.model.unscoped.filter(pk=row.pk).update(**given, **ALONG.get(register.slug, {}))


def _moment_of(register, field: models.ForeignKey) -> str:
    """The time bound to an officer's act: `decided_at` of `decided_by`; empty where there is none."""
    name = f"{field.name.removesuffix('_by')}_at"
    return name if field.name.endswith("_by") and name in {one.name for one in register.model._meta.fields} else ""


def _linked(register, field: models.ForeignKey, area: Area, officer: Officer) -> models.Model:
    if field.related_model is Area:
        return area
    if field.related_model is Officer:
        return _related(field, area) if field.name in SECOND else officer  # nobody signs twice
    if field.related_model is register.model:
        return make(register, area)
    with scope.everywhere("test data"):
        return _related(field, area)


@pytest.fixture(scope="module")
def snapshot() -> dict[str, dict[str, int]]:
    """The committed numbers; with REFRESH_SNAPSHOTS=1 those of this run, written at its end."""
    known = json.loads(FILE.read_text("utf-8")) if FILE.exists() else {}
    yield known
    if os.environ.get("REFRESH_SNAPSHOTS"):
        kept = {register.slug: known[register.slug] for register in site if register.slug in known}
        FILE.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n", "utf-8")


@pytest.mark.sqlite_only  # as many on either store
def test_a_list_takes_as_many_queries_as_it_took(register, here, snapshot):
    faces = Faces(register, everything())
    fill(register, here, FEW, faces.officer)
    counted(faces)
    few = counted(faces)
    fill(register, here, MANY - FEW, faces.officer)
    many = counted(faces)
    assert few == many
    if os.environ.get("REFRESH_SNAPSHOTS"):
        snapshot[register.slug] = few
    assert snapshot.get(register.slug) == few, "look at the change, then REFRESH_SNAPSHOTS=1"


def test_no_register_is_counted_that_is_gone(snapshot):
    assert set(snapshot) == {register.slug for register in site}
