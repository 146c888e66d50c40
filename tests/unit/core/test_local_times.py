"""Moments are kept in UTC and read where the platform runs: none is written out, or taken for a day, as it is kept."""

import ast
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.utils import translation

from fangxian.core import clock
from tests.unit.test_house import PACKAGE

LOCAL_NAMES = {"registers/tidy.py", "systems/quarantine/followed.py", "workflows/passages/lists.py"}
"""They turn the moment into local time on the line before, hold a day under such a name, or read a cell of a sheet."""

SKIPPED = ("migrations", "demo", "checks")
MOMENTS = {"at", "moment", "since", "until", "begins", "ends", "begin", "end"}
TAKEN_APART = {"date", "strftime", "time", "weekday"}


@pytest.mark.parametrize(
    ("moment", "read", "day"),
    [
        (datetime(2022, 3, 14, 15, 59, tzinfo=UTC), "2022-03-14 23:59", date(2022, 3, 14)),
        (datetime(2022, 3, 14, 16, 0, tzinfo=UTC), "2022-03-15 00:00", date(2022, 3, 15)),
        (datetime(2022, 3, 14, 23, 30, tzinfo=UTC), "2022-03-15 07:30", date(2022, 3, 15)),
    ],
)
def test_a_moment_is_read_where_the_platform_runs(moment, read, day):
    assert clock.shown(moment) == read
    assert clock.day_of(moment) == day
    assert clock.shown(moment, clock.DAY) == str(day) and clock.shown(moment, clock.TIME) == read[-5:]


@pytest.mark.parametrize(("language", "read"), [("zh-hans", "2022年3月15日 00:00"), ("en", "03/15/2022 midnight")])
def test_a_text_to_copy_says_a_moment_in_its_language(language, read):
    with translation.override(language):
        assert clock.worded(datetime(2022, 3, 14, 16, 0, tzinfo=UTC)) == read
        assert clock.worded(None) == "–"


def test_no_code_writes_out_a_moment_as_it_is_kept():
    found = _found(_is_moment)
    assert [(name, line) for name, line in found if name not in LOCAL_NAMES] == []
    assert {name for name, _line in found} == LOCAL_NAMES  # an entry nobody needs is taken out


def test_a_moment_is_written_and_taken_for_a_day_in_one_place():
    assert [(name, line) for name, line in _found(_is_localtime) if name != "core/clock.py"] == []


def _found(concerns) -> list[tuple[str, str]]:
    paths = [path for path in sorted(PACKAGE.rglob("*.py")) if not set(SKIPPED) & set(path.parts)]
    return [(path.relative_to(PACKAGE).as_posix(), line) for path in paths for line in _lines(path, concerns)]


def _lines(path: Path, concerns) -> list[str]:
    nodes = ast.walk(ast.parse(path.read_text("utf-8")))
    return [ast.unparse(node) for node in nodes if (value := _read(node)) is not None and concerns(value)]


def _read(node: ast.AST) -> ast.AST | None:
    """What is written out with a form of its own, or taken for a day or an hour."""
    if isinstance(node, ast.FormattedValue) and node.format_spec and "%" in ast.unparse(node.format_spec):
        return node.value
    called = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    return node.func.value if called and node.func.attr in TAKEN_APART else None


def _is_localtime(value: ast.AST) -> bool:
    return isinstance(value, ast.Call) and ast.unparse(value.func).endswith("localtime")


def _is_moment(value: ast.AST) -> bool:
    named = value.func if isinstance(value, ast.Call) else value
    name = getattr(named, "attr", getattr(named, "id", ""))
    return name == "now" if isinstance(value, ast.Call) else name in MOMENTS or name.endswith("_at")
