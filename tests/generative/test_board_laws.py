"""Laws of the board: whatever is written, moved, set at once or taken back, the kept counts are those of the rows."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fangxian.core import clock, records, scope
from fangxian.core.areas import Area
from fangxian.systems.command.models import Task
from fangxian.systems.situation import counting, figures, services
from fangxian.systems.situation.models import Count

pytestmark = pytest.mark.django_db
AREAS = ("410883", "410883001", "410883001212", "410883001212001", "410883002201", "410882001201")
WRITES = st.lists(
    st.tuples(st.sampled_from(("make", "make_many", "move", "end", "end_many", "wait", "count")),
              st.integers(0, 5), st.integers(-3, 3)),
    min_size=1, max_size=12,
)  # fmt: skip


def _task(at: int, hours: int) -> Task:
    due = clock.now() + timedelta(hours=hours)
    area, above = Area.objects.get(code=AREAS[at]), Area.objects.get(code="410883")
    return Task(area=area, from_area=above, kind="GENERAL", title="任务", role="village_secretary", due_at=due)


def _write(act: str, at: int, hours: int) -> None:
    """One act; on nothing where there is nothing yet."""
    named = {"by": None, "action": f"command.task.{act}"}
    found = list(Task.objects.filter(status="PENDING").order_by("pk")[: 1 + at])
    if act == "make":
        made = _task(at, hours)
        fields = ("area", "from_area", "kind", "title", "role", "due_at")
        records.create(Task, **named, **{name: getattr(made, name) for name in fields})
    elif act == "make_many":
        records.create_many(Task, [_task(number, hours) for number in range(at)], **named)
    elif act == "move" and found:
        records.change(found[-1], **named, area=Area.objects.get(code=AREAS[at]))
    elif act == "end" and found:
        records.change(found[-1], **named, status="REMOVED")
    elif act == "end_many":
        records.change_many(found, **named, status="REMOVED")


def _agree() -> None:
    services.refresh()
    span = figures.span_of(clock.today(), counting.mark().at)
    kept = {(row.figure, row.cell): row.value for row in Count.objects.all()}
    counted = {(one.key, cell): n for one in figures.catalogue() for cell, n in counting.count(one, span).items()}
    assert kept == counted


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(writes=WRITES)
def test_what_is_kept_is_what_is_there(county, writes):
    moment = clock.now()
    with scope.everywhere("the law holds everywhere"):
        for act, at, hours in writes:
            moment += timedelta(hours=abs(hours) * (act == "wait"))
            with clock.frozen(moment):
                _write(act, at, hours)
                if act == "count":
                    _agree()
        with clock.frozen(moment):
            _agree()
