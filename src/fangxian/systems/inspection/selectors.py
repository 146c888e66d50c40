"""Reading findings, trips, sheets and who answers; always inside the scope in force."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, F, Max, Q, QuerySet

from fangxian.core.areas import Area, code_range
from fangxian.core.clock import now
from fangxian.core.officers import Officer
from fangxian.core.standing import standing as not_closed
from fangxian.registers import site
from fangxian.systems.command.models import Task
from fangxian.systems.inspection.models import Accountability, Finding, FourParties, Sheet, Trip

UNSETTLED = Finding.UNSETTLED
TASK_OF = {
    Finding.State.OPEN: (Task.Status.PENDING, Task.Status.IN_PROGRESS),
    Finding.State.RECTIFIED: (Task.Status.DONE,),
    Finding.State.IMPOSSIBLE: (Task.Status.NOT_EXECUTABLE,),
    Finding.State.CLOSED: (Task.Status.CHECKED,),
    Finding.State.WITHDRAWN: (Task.Status.REMOVED,),
}


def finding(finding_id: UUID | str) -> Finding:
    """One finding with what its page shows; raises Finding.DoesNotExist outside the scope as for no such finding."""
    linked = ("area", "officer", "task", "sheet__trip", "created_by", "mended_by", "settled_by", "withdrawal_by")
    return Finding.objects.select_related(*linked).get(pk=finding_id)


def for_subject(kind: str, subject_id: UUID) -> list[Finding]:
    """All findings about one place, site …, the newest first."""
    found = Finding.objects.filter(subject_kind=kind, subject_id=subject_id)
    return list(found.select_related("area", "officer", "task").order_by("-found_on", "-pk"))


def unsettled(area_code: str) -> QuerySet[Finding]:
    """Findings of an area and all below it that are not closed; what is due first first."""
    low, high = code_range(area_code)
    rows = Finding.objects.filter(state__in=UNSETTLED, area_id__gte=low, area_id__lt=high)
    return rows.select_related("area", "officer", "task").order_by("due_at", "pk")


def in_memory(found: Finding) -> QuerySet[Finding]:
    """Earlier findings of the same topic at the same place or of the same unit that the reader may see."""
    same = Q(area_id=found.area_id, where=found.where)
    if found.subject_id:
        same |= Q(subject_kind=found.subject_kind, subject_id=found.subject_id)
    if found.unit:
        same |= Q(unit=found.unit)
    rows = Finding.objects.filter(same, topic=found.topic, found_on__lte=found.found_on).exclude(pk=found.pk)
    return rows.exclude(state=Finding.State.WITHDRAWN).select_related("area").order_by("-found_on", "-pk")


def off_ladder() -> QuerySet[Finding]:
    """Findings that stand nowhere: another state than their task. There must be none."""
    fits = Q()
    for state, statuses in TASK_OF.items():
        fits |= Q(state=state, task__status__in=statuses)
    return Finding.objects.exclude(fits)


def repeaters(area_code: str, since: date, least: int = 2) -> list[dict]:
    """Units and places with several findings of one topic: the most first. Rows of `who, topic, n, reopened, last`."""
    low, high = code_range(area_code)
    rows = Finding.objects.filter(area_id__gte=low, area_id__lt=high, found_on__gte=since, times_before__gt=0)
    rows = rows.exclude(state=Finding.State.WITHDRAWN).order_by().values("unit", "where", "topic")
    counted = rows.annotate(n=Max("times_before") + 1, reopened=Max("times_reopened"), last=Max("found_on"))
    return list(counted.filter(n__gte=least).order_by("-n", "-last")[:20])


def by_area(codes: Iterable[str], at: datetime | None = None) -> dict[str, dict[str, int]]:
    """Unsettled findings of each area: all, overdue, critical, one query."""
    at, codes = at or now(), list(codes)
    if not codes:
        return {}
    length = len(codes[0])
    rows = Finding.objects.filter(state__in=UNSETTLED).order_by().values_list("area_id", "state", "severity", "due_at")
    found: dict[str, dict[str, int]] = {code: {"all": 0, "overdue": 0, "critical": 0} for code in codes}
    for area_id, state, severity, due_at in rows:
        if counted := found.get(area_id[:length]):
            counted["all"] += 1
            counted["overdue"] += state == Finding.State.OPEN and due_at < at
            counted["critical"] += severity == Finding.Severity.CRITICAL
    return found


def trip(trip_id: UUID | str) -> Trip:
    """One trip; raises Trip.DoesNotExist."""
    return Trip.objects.select_related("area", "leader", "group").get(pk=trip_id)


def trips(area_code: str) -> QuerySet[Trip]:
    """The trips of an area, the next and the latest first, with how many stops they have and have done."""
    low, high = code_range(area_code)
    rows = Trip.objects.filter(area_id__gte=low, area_id__lt=high).select_related("area", "leader")
    counted = rows.annotate(stops=Count("sheets"), visited=Count("sheets", filter=~Q(sheets__state="PLANNED")))
    return counted.order_by("-on", "-pk")


def trips_to_make(officer: Officer, on: date) -> list[Trip]:
    """The trips an officer leads that are not over and begin by a day."""
    rows = Trip.objects.filter(leader=officer, state__in=[Trip.State.PLANNED, Trip.State.UNDER_WAY], on__lte=on)
    return list(rows.select_related("area").order_by("on", "pk"))


def sheet(sheet_id: UUID | str) -> Sheet:
    """One sheet; raises Sheet.DoesNotExist."""
    return Sheet.objects.select_related("area", "trip", "done_by").get(pk=sheet_id)


def sheets_of(trips: Iterable[Trip]) -> list[Sheet]:
    """The stops of trips, in the order of their routes."""
    return list(Sheet.objects.filter(trip__in=list(trips)).select_related("area", "done_by").order_by("trip", "number"))


def sheets_about(*about: tuple[str, UUID]) -> QuerySet[Sheet]:
    """The visits and self-checks of a place that stands in one register or several, the newest first."""
    here = Q(*(Q(subject_kind=kind, subject_id=pk) for kind, pk in about), _connector=Q.OR)
    rows = Sheet.objects.filter(here, state=Sheet.State.DONE)
    return rows.select_related("trip", "done_by").order_by("-done_at", "-pk")


def checked_itself(unit: Area) -> QuerySet[Sheet]:
    """The self-checks of a unit itself, a township or village, the newest first."""
    rows = Sheet.objects.filter(area=unit, is_self_check=True, subject_id=None, state=Sheet.State.DONE)
    return rows.select_related("done_by").order_by("-done_at", "-pk")


def findings_of(sheets: Iterable[Sheet]) -> dict[UUID, list[Finding]]:
    """The findings of sheets, by sheet."""
    found: dict[UUID, list[Finding]] = {}
    for one in Finding.objects.filter(sheet__in=list(sheets)).select_related("area").order_by("pk"):
        found.setdefault(one.sheet_id, []).append(one)
    return found


def by_register(kinds: Iterable[str]) -> dict[str, set[str]]:
    """The registers there are of these kinds, each with the values of `kind` asked for; an empty one asks for all."""
    found: dict[str, set[str]] = {}
    for slug, _colon, value in (kind.partition(":") for kind in kinds):
        if slug in site:
            found.setdefault(slug, set()).add(value)
    return found


def standing(slug: str) -> QuerySet:
    """The rows of a register that have not closed: what is visited, and somebody answers for."""
    rows = site.get(slug).rows()
    closes = any(field.name == "closed_on" for field in rows.model._meta.fields)
    return rows.filter(not_closed()) if closes else rows


def last_visits(kind: str) -> dict[UUID, datetime]:
    """When each place of a kind was last inspected by others; self-checks do not count."""
    done = Sheet.objects.filter(subject_kind=kind, state=Sheet.State.DONE, is_self_check=False)
    return dict(done.order_by().values_list("subject_id").annotate(last=Max("done_at")))


def answered_since(kind: str, checklist: str, since: datetime) -> dict[UUID, Sheet]:
    """The latest visit of each place of a kind with a checklist since a moment; self-checks do not count."""
    done = Sheet.objects.filter(subject_kind=kind, state=Sheet.State.DONE, is_self_check=False)
    rows = done.filter(checklist=checklist, done_at__gte=since, subject_id__isnull=False).order_by("done_at", "pk")
    return {sheet.subject_id: sheet for sheet in rows if sheet.subject_id}


def planned_stops(on: date) -> dict[tuple[str, UUID], date]:
    """The places on the route of a trip that is to come or under way, with the earliest day they are visited."""
    rows = Sheet.objects.filter(state=Sheet.State.PLANNED, trip__state__in=["PLANNED", "UNDER_WAY"], trip__on__gte=on)
    found: dict[tuple[str, UUID], date] = {}
    for kind, subject_id, day in rows.order_by("-trip__on").values_list("subject_kind", "subject_id", "trip__on"):
        if subject_id:
            found[kind, subject_id] = day
    return found


def account(account_id: UUID | str) -> Accountability:
    """One accountability with its finding; raises Accountability.DoesNotExist."""
    linked = (
        "area",
        "finding__task",
        "finding__area",
        "officer",
        "created_by",
        "decided_by",
        "appealed_by",
        "heard_by",
    )
    return Accountability.objects.select_related(*linked).get(pk=account_id)


def accounts_of(finding_id: UUID) -> QuerySet[Accountability]:
    """The accountability records of a finding."""
    return Accountability.objects.filter(finding=finding_id).select_related("decided_by", "heard_by").order_by("pk")


def accounts(area_code: str) -> QuerySet[Accountability]:
    """The accountability records of an area, what waits for somebody first."""
    low, high = code_range(area_code)
    rows = Accountability.objects.filter(area_id__gte=low, area_id__lt=high).select_related("finding", "officer")
    return rows.annotate(waits=Q(state__in=Accountability.OPEN)).order_by("-waits", "-changed_at")


def parties_at(kind: str, subject_id: UUID | None, area: Area, where: str) -> list[FourParties]:
    """Who answers at a place, by duty."""
    here = Q(area=area, where=where)
    if subject_id:
        here |= Q(subject_kind=kind, subject_id=subject_id)
    return list(FourParties.objects.filter(here).select_related("officer", "area").order_by("duty", "pk"))


def parties_by_subject(kind: str) -> dict[UUID, list[FourParties]]:
    """The four parties of every place of a kind."""
    found: dict[UUID, list[FourParties]] = {}
    for row in FourParties.objects.filter(subject_kind=kind, subject_id__isnull=False).order_by("pk"):
        found.setdefault(row.subject_id, []).append(row)
    return found


def overdue(at: datetime) -> QuerySet[Finding]:
    """Findings nobody has reported mended in time."""
    return Finding.objects.filter(state=Finding.State.OPEN, due_at__lt=at).order_by(F("due_at"), "pk")
