"""The county board at the size of a county: is every figure the count of its rows, and how long does the page take?

A synthetic county is poured into a scratch installation and counted once. Then officers work: rows are changed by the
verbs, some moved, some in sets; what waits is counted anew. After each round every figure of the county, of every
township and of every village is compared with a direct count of its rows, and the page is opened several times.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from statistics import median
from time import perf_counter
from typing import Any

from django.db.models import Count
from django.test import Client
from django.urls import reverse

from fangxian.core import clock, jobs, records, scope
from fangxian.core.areas import Area
from fangxian.core.clock import now, today
from fangxian.core.officers import Officer, appoint
from fangxian.faces.cli.checks import board_world
from fangxian.faces.cli.checks.board_world import COUNTY, World
from fangxian.faces.cli.output import Advance
from fangxian.registers import site
from fangxian.systems.situation import selectors, services

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
WHY = "the check looks at every row"
LIMIT_MS = 1000


@dataclass
class Report:
    """Figures compared and wrong, and what a page, a first count and a later count took."""

    persons: int = 0
    rows: int = 0
    figures: int = 0
    compared: int = 0
    wrong: int = 0
    pages: list[float] = field(default_factory=list)
    first_s: float = 0.0
    later_ms: list[float] = field(default_factory=list)
    explained: int = 0
    findings: list[str] = field(default_factory=list)

    @property
    def page_ms(self) -> float:
        """What a page usually takes."""
        return median(self.pages) if self.pages else 0.0

    @property
    def exit_code(self) -> int:
        """0 when figures were compared, none was wrong, and the slowest page stayed under a second."""
        slow = max(self.pages, default=LIMIT_MS) >= LIMIT_MS
        return 1 if self.wrong or self.findings or not self.compared or not self.explained or slow else 0

    def line(self) -> str:
        """The last line, for machines."""
        return (
            f"persons={self.persons} figures={self.figures} wrong={self.wrong} "
            f"page_ms={self.page_ms:.0f} worst_ms={max(self.pages):.0f} rows={self.rows} compared={self.compared} "
            f"first_count_s={self.first_s:.1f} later_count_ms={median(self.later_ms):.0f} explained={self.explained}"
        )


def run(persons: int, rounds: int, seed: int, advance: Advance) -> Report:
    """Make the county, count, close a day, work, and compare after every round."""
    report = Report(persons=persons)
    start = now()
    with clock.frozen(start):
        world = board_world.make(persons, seed, advance)
        report.rows, report.figures = world.rows, len(selectors.catalogue())
        client = _officer()
        began = perf_counter()
        services.refresh()
        report.first_s = perf_counter() - began
        _compare(report)
        services.close(today() - timedelta(days=1))
    for number in range(rounds):
        advance(number, rounds, "rounds")
        with clock.frozen(start + timedelta(minutes=number + 1)):
            _work(world, number)
            _round(report, client)
    return report


def _round(report: Report, client: Client) -> None:
    """What waits is counted, compared, shown, and one difference explained."""
    began = perf_counter()
    jobs.run_pending()
    services.refresh()
    report.later_ms.append(1000 * (perf_counter() - began))
    _compare(report)
    towns = Area.objects.filter(parent_id=COUNTY).order_by("code").values_list("code", flat=True)
    for code, group in ((COUNTY, ""), (COUNTY, "tasks"), (towns[0], "all")):
        report.pages.append(_open(client, reverse("situation"), {"area": code, "group": group}, report))
    report.pages.append(_open(client, reverse("situation_board"), {}, report))
    area = Area.objects.get(code=COUNTY)
    [one] = selectors.difference(area, today(), today() - timedelta(days=1), [selectors.get("tasks_open")])
    if sum(part.count for part in one.parts) != one.change:
        report.findings.append(f"the parts of tasks_open do not add up: {one.parts}")
    report.explained += 1


def _open(client: Client, address: str, asked: dict[str, str], report: Report) -> float:
    """Milliseconds a page takes, from request to last byte."""
    began = perf_counter()
    answer = client.get(address, asked)
    taken = 1000 * (perf_counter() - began)
    if answer.status_code != 200 or b"As of" not in answer.content:
        report.findings.append(f"{address} answered {answer.status_code}")
    return taken


def _compare(report: Report) -> None:
    """Every figure of the county, its townships and its villages beside a count of its rows."""
    areas = Area.objects.filter(code__startswith=COUNTY, kind__in=["county", "township", "village"])
    day, at = today(), selectors.standing().at
    shown: dict[str, dict[str, int]] = {}
    for area in areas:
        if area.kind != Area.Kind.VILLAGE:
            shown |= selectors.table(Area.objects.filter(parent=area), day)
    county = {one.key: one.value for one in selectors.figures(Area.objects.get(code=COUNTY), day)}
    shown[COUNTY] = {key: value or 0 for key, value in county.items()}
    for figure in selectors.catalogue():
        counted = dict(figure.rows(selectors.span_of(day, at)).values_list("area_id").annotate(number=Count("pk")))
        for code, numbers in shown.items():
            truth = sum(number for cell, number in counted.items() if cell.startswith(code))
            report.compared += 1
            if truth != numbers.get(figure.key, 0):
                report.wrong += 1
                report.findings.append(f"{figure.key} of {code}: shown {numbers.get(figure.key, 0)}, counted {truth}")


def _work(world: World, number: int) -> None:
    """A minute of a county: some rows one by one, some moved to another village, some as a set."""
    task, contact, case = (site.get(slug).model for slug in ("command.task", "cases.contact", "cases.case"))
    with scope.everywhere(WHY):
        at = 10 * number
        for row in task.objects.filter(status="PENDING").order_by("pk")[at : at + 6]:
            _change(row, status="REMOVED")
        for row in contact.objects.filter(status="ACTIVE").order_by("pk")[at : at + 6]:
            _change(row, area=Area.objects.get(code=world.villages[number % len(world.villages)]))
        for row in case.objects.filter(classification="SUSPECT").order_by("pk")[:3]:
            _change(row, classification="PROBABLE")
        found = list(contact.objects.filter(status="ACTIVE").order_by("pk")[at : at + 40])
        records.change_many(found, by=None, action="cases.contact.dropped", status="DROPPED")


def _change(row: Any, **values: Any) -> None:
    records.change(row, by=None, action=f"{row._meta.label_lower}.changed", **values)


def _officer() -> Client:
    """The duty officer of the county, past the second factor."""
    from allauth.mfa.models import Authenticator

    made = Officer.objects.create_officer("board", name="值班", password=None, language="en")
    appoint(made, role="duty_officer", area=Area.objects.get(code=COUNTY), by=None)
    Authenticator.objects.create(user=made, type=Authenticator.Type.TOTP, data={})
    client = Client(headers={"host": "localhost", "accept-language": "en"})
    client.cookies["django_language"] = "en"
    client.force_login(made, backend=BACKEND)
    return client
