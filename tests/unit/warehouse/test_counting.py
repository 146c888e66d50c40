"""Counts of those who report, drawn a line each: · a day without a word, blank before and after they are there."""

from datetime import date, timedelta

import numpy as np
import pytest

from fangxian.warehouse.boundaries import Boundaries
from fangxian.warehouse.counting import Cell, Days, counted, merged, months_of, panel_of, whole

FIRST = date(2026, 3, 2)
COUNTY = Boundaries("410883").levels


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def said(line: str) -> Cell:
    """`_` is a day on which nobody is there."""
    cells = line.split()
    numbers = [float("nan") if cell in "·_" else float(cell) for cell in cells]
    return Cell(np.array(numbers), np.array([cell != "_" for cell in cells]))


def seen(cell: Cell) -> str:
    drawn = zip(cell.counts, cell.there, strict=True)
    return " ".join("_" if not there else "·" if np.isnan(count) else f"{count:g}" for count, there in drawn)


@pytest.mark.parametrize(
    ("lines", "together"),
    [
        (["4 5 6"], "4 5 6"),
        (["4 5 6", "1 1 1"], "5 6 7"),
        (["9 9 9 9", "3 3 3 ·"], "12 12 12 12"),  # a usual share is added for who is silent: 9 of them, so 12
        (["9 9 9 ·", "3 3 3 3"], "12 12 12 ·"),  # who spoke usually has less than half
        (["· · ·", "· · ·"], "· · ·"),
        (["_ _ 5 5", "2 2 2 2"], "2 2 7 7"),  # a new one adds up from its first word on
        (["5 5 _ _", "2 2 2 2"], "7 7 2 2"),
        (["_ 5 · _"], "_ 5 · _"),
        (["0 0 0 0", "0 0 0 ·"], "0 0 0 0"),
    ],
)
def test_sums_over_those_who_report(lines, together):
    cells = whole([("410883001", "s:respiratory", said(line)) for line in lines], COUNTY)
    assert {key[0] for key in cells} == {"410883001", "410883"}
    assert {seen(cell) for cell in cells.values()} == {together}


def test_the_county_adds_up_its_townships():
    cells = whole(
        [("410883001", "x", said("1 ·")), ("410883002201", "x", said("5 5")), ("41", "x", said("9 9"))], COUNTY
    )
    assert {key[0]: seen(cell) for key, cell in cells.items()} == {
        "410883001": "1 ·", "410883002": "5 5", "410883": "6 6",
    }  # fmt: skip


def test_a_row_is_only_written_where_there_is_one():
    rows = [("410883001", "flu", day(1), 2), ("410883001212", "flu", day(3), 1), ("410883002", "flu", day(3), 1)]
    cells = counted(rows, Days(FIRST, day(4)), COUNTY)
    assert {key[0]: seen(cell) for key, cell in cells.items()} == {
        "410883001": "_ 2 0 1 0", "410883002": "_ 0 0 1 0", "410883": "_ 2 0 2 0",
    }  # fmt: skip
    assert counted([], Days(FIRST, day(4)), COUNTY) == {}


def test_two_sources_of_a_channel_are_added_and_one_unknown_is_unknown():
    known = {("a", "x"): said("1 2 3 _"), ("b", "x"): said("1 1 1 1")}
    both = merged(known, {("a", "x"): said("_ 2 · 5"), ("c", "x"): said("7 7 7 7")})
    assert {key[0]: seen(cell) for key, cell in both.items()} == {"a": "1 4 · 5", "b": "1 1 1 1", "c": "7 7 7 7"}


def test_a_panel_knows_nothing_where_nobody_is():
    panel = panel_of({("b", "x"): said("_ 1 ·"), ("a", "x"): said("0 0 0")}, Days(FIRST, day(2)))
    assert panel.areas == ("a", "b") and panel.begins[0] == np.datetime64(FIRST)
    assert np.array_equal(panel.counts, [[0, 0, 0], [np.nan, 1, np.nan]], equal_nan=True)


def test_what_was_said_stands_until_it_is_over():
    days = Days(FIRST, day(4))
    assert seen(Cell.of({day(1): 3.0}, days)) == "_ 3 · · ·"
    assert seen(Cell.of({day(1): 3.0}, days, since=day(0), until=day(3))) == "· 3 · _ _"
    assert (len(days), days.at(day(-2))) == (5, -2)


def test_months_without_a_figure_are_unknown():
    begins, counts = months_of({date(2025, 11, 1): 4, date(2026, 2, 1): 7})
    assert begins == [date(2025, 11, 1), date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1)]
    assert np.array_equal(counts, [4, np.nan, np.nan, 7], equal_nan=True)
