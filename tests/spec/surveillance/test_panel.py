"""Counts drawn a line a series, a column a day: what a panel keeps, adds and leaves missing."""

from datetime import date

import numpy as np
import pytest

from fangxian.engines.surveillance import Count, Panel, Step

MONDAY = date(2026, 3, 2)


def drawn(table: str, first: date = MONDAY, populations: float | None = None) -> Panel:
    """`area disease count count …`; · is a day nobody reported."""
    lines = [line.split() for line in table.strip().splitlines()]
    counts = np.array([[np.nan if cell == "·" else float(cell) for cell in line[2:]] for line in lines])
    begins = np.datetime64(first) + np.arange(counts.shape[1])
    people = None if populations is None else np.full_like(counts, populations)
    return Panel(tuple(line[0] for line in lines), tuple(line[1] for line in lines), begins, counts, populations=people)


def seen(panel: Panel) -> str:
    return "\n".join(
        " ".join([area, disease, *("·" if np.isnan(cell) else f"{cell:g}" for cell in line)])
        for area, disease, line in zip(panel.areas, panel.diseases, panel.counts, strict=True)
    )


def test_rows_are_added_up_and_a_silent_day_is_missing():
    def day(number):
        return date(2026, 3, number)

    rows = [Count("north", "flu", day(2), 1), Count("north", "flu", day(2), 2), Count("south", "flu", day(4), 5)]
    panel = Panel.of(
        rows,
        series=[("north", "flu"), ("north", "measles"), ("south", "flu")],
        first=day(2), last=day(4),
        silent=lambda area, on: area == "north" and on == day(3),
    )  # fmt: skip
    assert seen(panel) == "north flu 3 · 0\nnorth measles 0 · 0\nsouth flu 0 0 5"
    assert len(panel) == 3


@pytest.mark.parametrize("row", [Count("west", "flu", MONDAY, 1), Count("north", "flu", date(2026, 3, 1), 1)])
def test_a_row_outside_of_the_panel_is_refused(row):
    with pytest.raises(ValueError, match="outside"):
        Panel.of([row], series=[("north", "flu")], first=MONDAY, last=MONDAY)


def test_weeks_begin_on_monday_and_a_week_with_a_missing_day_is_missing():
    table = "north flu 9 1 1 1 1 1 1 1 2 2 2 · 2 2 2 3 3 3 3 3 3 3 8"
    weeks = drawn(table, first=date(2026, 3, 1), populations=1000).weekly()
    assert (seen(weeks), weeks.step, weeks.begins[0]) == ("north flu 7 · 21", Step.WEEK, np.datetime64("2026-03-02"))
    assert weeks.populations.shape == weeks.counts.shape
    with pytest.raises(ValueError, match="daily"):
        weeks.weekly()


@pytest.mark.parametrize("days", ["1", "1 1 1 1"])
def test_no_whole_week(days):
    assert drawn(f"north flu {days}", first=date(2026, 3, 3)).weekly().counts.shape == (1, 0)


def test_weeks_may_end_on_the_last_day_whatever_its_weekday():
    counts = np.arange(1.0, 17.0)[None, :]
    counts[0, 3] = np.nan
    begins = np.datetime64("2026-03-01") + np.arange(16)
    weeks = Panel(("c1",), ("flu",), begins, counts).ending_weeks()
    assert weeks.begins.astype(str).tolist() == ["2026-03-03", "2026-03-10"] and weeks.step is Step.WEEK
    assert np.isnan(weeks.counts[0, 0]) and weeks.counts[0, 1] == counts[0, 9:].sum()
    assert len(Panel(("c1",), ("flu",), begins[:5], counts[:, :5]).ending_weeks().begins) == 0


def test_what_was_known_on_a_day():
    panel = drawn("north flu 1 2 3 4 5 6 7 1 2 3", populations=10)
    assert seen(panel.until(date(2026, 3, 4))) == "north flu 1 2 3"
    assert seen(panel.weekly().until(date(2026, 3, 7))) == "north flu"
    assert panel.until(MONDAY).populations.shape == (1, 1)
    assert seen(drawn("north flu 1 2").until(MONDAY)) == "north flu 1"


def test_a_broken_time_is_missing():
    broken = [(date(2026, 3, 3), date(2026, 3, 4))]
    assert seen(drawn("north flu 1 2 3 4").without(broken)) == "north flu 1 · · 4"
    assert seen(drawn("north flu 1 1 1 1 1 1 1 2 2 2 2 2 2 2").weekly().without(broken)) == "north flu · 14"
    two = drawn("north flu 1 2 3 4\nnorth rabies 1 2 3 4")
    assert seen(two.without(broken, rows=np.array([True, False]))) == "north flu 1 · · 4\nnorth rabies 1 2 3 4"


def test_areas_that_became_one_are_added_for_the_past_too():
    table = """
    north flu 1 2 3
    south flu 1 · 1
    west  flu 5 5 ·
    south rsv 0 0 1
    """
    redrawn = drawn(table, populations=1000).redrawn({"north": "new", "south": "new"})
    assert seen(redrawn) == "new flu 2 · 4\nwest flu 5 5 ·\nnew rsv 0 0 1"
    assert redrawn.rates[0, 0] == pytest.approx(100)
    assert drawn(table).redrawn({}).populations is None


def test_rates_need_persons():
    with pytest.raises(ValueError, match="populations"):
        _ = drawn("north flu 1").rates


@pytest.mark.parametrize(
    "wrong",
    [
        {"diseases": ("flu", "rsv")},
        {"counts": np.zeros((1, 3))},
        {"populations": np.ones((1, 3))},
        {"counts": np.array([[1.0, -1.0]])},
        {"step": Step.WEEK},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_a_panel_that_does_not_fit_is_refused(wrong):
    whole = {
        "areas": ("north",), "diseases": ("flu",), "counts": np.zeros((1, 2)),
        "begins": np.arange("2026-03-02", "2026-03-04", dtype="datetime64[D]"),
    }  # fmt: skip
    with pytest.raises(ValueError, match="panel|negative"):
        Panel(**(whole | wrong))
