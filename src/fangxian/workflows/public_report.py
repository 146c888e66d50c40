"""One public report, from what somebody told to what they are answered.

Read downwards: whatever moves a report brings its tasks in line (`follow_report`): the township takes it up by the
pack's clock and answers by it. `send_out` has somebody look on the spot: the grid worker of the cell, at a door, or an
inspector, with the officer's own words and never the informant's. Their finished task is what was seen
(`follow_check`). `conclude` confirms it by that and, where the pack says so, makes it a finding.

Nothing else follows from a report. Who came from elsewhere is enrolled at the door, who is ill is measured there, and
only that restricts anybody. The tasks of those who look carry no link to the report, so that nobody who is looked at,
or looks, learns that somebody told.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid5

from django.dispatch import receiver
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from fangxian.core import scope
from fangxian.core.areas import Area
from fangxian.core.clock import now
from fangxian.core.officers import Officer
from fangxian.systems.command import selectors as tasks
from fangxian.systems.command import services as command
from fangxian.systems.command.announcements import tasks_moved
from fangxian.systems.command.models import Task
from fangxian.systems.community import rules, selectors, services
from fangxian.systems.community.announcements import report_moved
from fangxian.systems.community.models import PublicReport
from fangxian.systems.community.words import CheckRoute, ReportKind, ReportState
from fangxian.systems.inspection import services as inspection
from fangxian.systems.people.models import Person
from fangxian.workflows.community import holders

KIND = "community.publicreport"
CHECK = "look:"
WHY = "a report is followed wherever it is about"
TAKE_UP = gettext_noop("Take up a public report")
TAKE_UP_HOW = gettext_noop("A resident has reported something in %(area)s. Read it and decide what is done about it.")
ANSWER = gettext_noop("Answer a public report")
ANSWER_HOW = gettext_noop("Taken up in %(area)s: see that it is checked, conclude it and answer whoever reported.")
NO_MORE = gettext_noop("The report has moved on.")
LOOK_HOW = gettext_noop("%(order)s Write down what you see: only that counts, nobody is blamed on suspicion.")
LOOKS: dict[str, str] = {
    ReportKind.UNDECLARED: gettext_noop("Look at a door: has somebody come from elsewhere?"),
    ReportKind.FEVER: gettext_noop("Look at a door: is somebody ill?"),
    ReportKind.GATHERING: gettext_noop("Look on the spot: are people gathering?"),
    ReportKind.SHOP: gettext_noop("Look at a shop or pharmacy"),
    ReportKind.PLACE: gettext_noop("Look at a place"),
    ReportKind.OTHER: gettext_noop("Look on the spot"),
}
HOLDERS = {CheckRoute.GRID: holders.nearest, CheckRoute.DOOR: holders.nearest, CheckRoute.INSPECTION: holders.inspector}


def send_out(
    *, report: PublicReport, by: Officer, route: str, order: str, where: str, area: Area | None = None,
    person: Person | None = None,
) -> PublicReport:  # fmt: skip
    """Have somebody look on the spot at `where`, in the area (the report's own) or at the door of a person.

    Raises ValidationError for a route that is none, for no order, and for a report that is concluded or being checked.
    """
    there = (person.area if person and route == CheckRoute.DOOR else area) or report.area
    sent = services.send(report=report, by=by, route=route, order=order, area=_answering(report, there))
    pack = rules.pack_of(sent.area_id)
    with scope.everywhere(WHY):
        command.hand_down(
            by=by, key=f"{CHECK}{sent.pk}:{sent.checks}", title=LOOKS[sent.kind], instructions=LOOK_HOW,
            params={"order": sent.order}, address=where.strip(), person=person if route == CheckRoute.DOOR else None,
            priority=Task.Priority.HIGH, due_at=now() + rules.time_to_check(pack, sent.kind),
            from_area=_township(sent.area), **HOLDERS[CheckRoute(route)](there),
        )  # fmt: skip
    return sent


def conclude(
    *, report: PublicReport, by: Officer, answer: str, seen: str = "", where: str = "", is_finding: bool = False
) -> PublicReport:
    """Confirm a report by what the check saw; with `is_finding`, have what was seen mended.

    The finding says what was seen, where and when; it does not say that anybody told. Raises ValidationError for
    whatever no check has seen.
    """
    with scope.everywhere(WHY):
        done = services.confirm(report=report, by=by, answer=answer, seen=seen)
        grave = rules.severity(rules.pack_of(done.area_id), done.kind)
        if not (is_finding and grave):
            return done
        found = inspection.raise_finding(
            by=by, id=uuid5(done.pk, f"finding {done.version}"), area=done.area, what=done.seen[:200],
            where=where.strip()[:120] or str(done.area), severity=grave, origin="PUBLIC",
            basis=_("Checked on the spot"),
        )  # fmt: skip
        return services.keep_finding(report=done, by=by, finding_id=found.pk)


@receiver(report_moved)
def follow_report(sender: object, report: PublicReport, by: Officer | None, **_named: object) -> None:
    """Bring the tasks about a report to where it stands; what is overdue goes up like any other task."""
    with scope.everywhere(WHY):
        wanted = {task["key"]: task for task in _wanted(report)}
        there = tasks.for_subject(KIND, report.pk)
        done = [task for task in there if task.status in Task.OPEN and task.key not in wanted]
        command.withdraw_many(tasks=done, by=None, reason=NO_MORE)
        for task in wanted.values():
            command.hand_down(by=None, subject=(KIND, report.pk), params={"area": str(report.area)}, **task)


@receiver(tasks_moved)
def follow_check(sender: object, tasks: Iterable[Task], by: Officer | None, **_named: object) -> None:
    """What the one who looked wrote down is what was seen; who could not look says so."""
    looked = {key: task for task in tasks if (key := task.key or "").startswith(CHECK)}
    if not looked:
        return
    with scope.everywhere(WHY):
        numbers = {UUID(key.split(":")[1]): (int(key.split(":")[2]), task) for key, task in looked.items()}
        for report in selectors.reports_by_ids(numbers):
            number, task = numbers[report.pk]
            if number == report.checks:
                _take(report, task, by)


def _take(report: PublicReport, task: Task, by: Officer | None) -> None:
    """One finished, refused or returned task of whoever looked."""
    if report.state == ReportState.CHECKING and task.status == Task.Status.DONE:
        services.checked(report=report, by=by, seen=task.outcome)
    elif report.state == ReportState.CHECKING and task.status in (Task.Status.NOT_EXECUTABLE, Task.Status.REMOVED):
        services.unchecked(report=report, by=by)


def _wanted(report: PublicReport) -> list[dict[str, Any]]:
    """The tasks of the township that a report asks for now."""
    if not report.is_open:
        return []
    holder = {**holders.township(report.area), "priority": Task.Priority.HIGH}
    if report.state == ReportState.NEW:
        key = f"report:take:{report.pk}:{report.area_id}"
        return [{**holder, "key": key, "title": TAKE_UP, "instructions": TAKE_UP_HOW, "due_at": report.acknowledge_by}]
    return [{**holder, "key": f"report:answer:{report.pk}:{report.area_id[:9]}", "title": ANSWER,
             "instructions": ANSWER_HOW, "due_at": report.answer_by}]  # fmt: skip


def _answering(report: PublicReport, there: Area) -> Area:
    """The area the report belongs to from now on: the finer one once somebody knows it, never another township's."""
    return there if there.code.startswith(report.area_id) else report.area


def _township(area: Area) -> Area:
    found: Area = holders.township(area)["area"]
    return found
