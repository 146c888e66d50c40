"""The counts that are kept are the counts of the rows, whatever was written and in whatever order."""

from datetime import timedelta

import pytest

from fangxian.core import audit, clock, records
from fangxian.core.areas import Area
from fangxian.core.clock import now
from fangxian.systems.command.models import Task
from fangxian.systems.situation import counting, figures, selectors, services
from fangxian.systems.situation.models import Count, Mark

pytestmark = pytest.mark.django_db
TOWN, OTHER = "410883001", "410883002201"


def direct() -> dict[tuple[str, str], int]:
    """Every figure by cell, counted from the rows."""
    span = figures.span_of(clock.today(), counting.mark().at)
    return {
        (figure.key, cell): number
        for figure in figures.catalogue()
        for cell, number in counting.count(figure, span).items()
    }


def kept() -> dict[tuple[str, str], int]:
    return {(row.figure, row.cell): row.value for row in Count.objects.all()}


def test_what_is_kept_is_what_is_there(story):
    services.refresh()
    assert kept() == direct() and kept()["cases", "410883001212"] == 1
    assert len({key for key, _cell in kept()}) > 15


def test_only_what_was_written_is_counted_again(story, everywhere):
    services.refresh()
    task = Task.objects.filter(status="PENDING").first()
    records.change(task, by=None, action="command.task.done", status="DONE")
    assert selectors.standing().is_waiting
    done = services.refresh()
    assert kept() == direct() and not selectors.standing().is_waiting
    assert done.figures < len(figures.catalogue()) / 2 and done.cells


def test_a_row_that_moves_is_taken_off_where_it_was(story, everywhere):
    services.refresh()
    task = Task.objects.filter(status="PENDING", area__code__startswith=TOWN).first()
    records.change(task, by=None, action="command.task.moved", area=Area.objects.get(code=OTHER))
    services.refresh()
    assert kept() == direct() and kept()["tasks_open", OTHER]


def test_a_set_of_rows_counts_everywhere(story, everywhere):
    services.refresh()
    records.change_many(Task.objects.filter(status="PENDING"), by=None, action="command.task.done", status="DONE")
    services.refresh()
    assert kept() == direct() and not any(key == "tasks_open" for key, _cell in kept())


def test_a_term_that_runs_out_needs_no_write(story):
    services.refresh()
    before = sum(n for (key, _cell), n in kept().items() if key == "tasks_late")
    with clock.frozen(now() + timedelta(days=3)):
        assert selectors.standing().is_waiting
        services.refresh()
        assert kept() == direct()
        assert sum(n for (key, _cell), n in kept().items() if key == "tasks_late") > before


def test_of_two_who_count_the_slower_ones_counts_are_thrown_away(story, everywhere, monkeypatch):
    services.refresh()
    task = Task.objects.filter(status="PENDING").first()
    real, raced = counting.count, []

    def overtaken(figure, span, cells=None):
        found = real(figure, span, cells)
        if not raced:
            raced.append(True)
            records.change(task, by=None, action="command.task.done", status="DONE")
            services.refresh()
        return found

    monkeypatch.setattr(counting, "count", overtaken)
    assert not services.refresh(everything=True).kept
    monkeypatch.undo()
    assert kept() == direct()


def test_a_long_absence_counts_everything(story, everywhere, monkeypatch):
    services.refresh()
    monkeypatch.setattr(counting.changes, "MOST_ACTS", 0)
    with audit.act("command.task.looked_at", by=None):
        pass
    assert services.refresh().figures == len(figures.catalogue())


def test_many_cells_of_one_system_are_counted_as_one(monkeypatch):
    monkeypatch.setattr(counting.changes, "MOST_CELLS", 2)
    changed = counting.changes.Changed()
    changed.add("cases", {"1", "2"})
    assert changed.of(frozenset({"cases"}), wide=False) == {"1", "2"}
    assert changed.of(frozenset({"cases"}), wide=True) is None and changed.of(frozenset({"goods"}), wide=True) == set()
    changed.add("cases", {"3"})
    assert changed.of(frozenset({"cases", "goods"}), wide=False) is None


def test_the_night_finds_and_mends_what_is_off(story):
    services.refresh()
    assert services.compare().drift == []
    Count.objects.filter(figure="cases").update(value=7)
    assert services.compare().drift == [("cases", "410883001212", 7, 1)]
    assert kept() == direct() and Mark.objects.get().drift == 1
    assert services.compare().drift == []


def test_every_figure_says_what_it_counts():
    with pytest.raises(LookupError):
        figures.get("none")
    with pytest.raises(ValueError, match="two definitions"):
        figures.define(figures.get("cases"))


def test_the_query_of_every_figure_can_be_read(db):
    for figure in figures.catalogue():
        assert figure.query().startswith(f"{figure.slug}: ") and len(str(figure.meaning)) > 10
        assert figure.group in figures.GROUPS and figure.permission and figure.unit
        assert not figure.share_of or figures.get(figure.share_of).slug == figure.slug
    assert figures.get("cases").query() == "cases.case: not (classification = NO_CASE)"
    assert "due_at < 20" in figures.get("tasks_late").query()
