"""Moments are kept in UTC and read where the platform runs: none is written out, or taken for a day, as it is kept."""

import ast
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from fangxian.core import clock
from tests.unit.test_house import PACKAGE

LOCAL_NAMES = {
    "registers/tidy.py", "systems/checkpoints/models.py", "systems/quarantine/followed.py", "workflows/mode_switch.py",
    "workflows/passages/lists.py",
}  # fmt: skip
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


def test_no_code_writes_out_a_moment_as_it_is_kept():
    paths = [path for path in sorted(PACKAGE.rglob("*.py")) if not set(SKIPPED) & set(path.parts)]
    found = [(path.relative_to(PACKAGE).as_posix(), line) for path in paths for line in _as_kept(path)]
    assert [(name, line) for name, line in found if name not in LOCAL_NAMES] == []
    assert {name for name, _line in found} == LOCAL_NAMES  # an entry nobody needs is taken out


def _as_kept(path: Path) -> list[str]:
    nodes = ast.walk(ast.parse(path.read_text("utf-8")))
    return [ast.unparse(node) for node in nodes if _writes_out(node) or _takes_apart(node)]


def _writes_out(node: ast.AST) -> bool:
    written = isinstance(node, ast.FormattedValue) and node.format_spec is not None
    return written and "%" in ast.unparse(node.format_spec) and _is_moment(node.value)


def _takes_apart(node: ast.AST) -> bool:
    called = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    return called and node.func.attr in TAKEN_APART and _is_moment(node.func.value)


def _is_moment(value: ast.AST) -> bool:
    named = value.func if isinstance(value, ast.Call) else value
    name = getattr(named, "attr", getattr(named, "id", ""))
    return name == "now" if isinstance(value, ast.Call) else name in MOMENTS or name.endswith("_at")
