"""Questions to the community, inside the scope in force."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Case, F, Q, QuerySet, Sum, When
from django.utils import timezone

from fangxian.core.areas import code_range
from fangxian.core.clock import now, today
from fangxian.systems.community import tickets
from fangxian.systems.community.models import Gathering, PublicReport, Volunteer, VolunteerCall, VolunteerShift
from fangxian.systems.community.words import (
    CallState,
    GatheringDecision,
    GatheringState,
    ReportState,
    VolunteerShiftState,
    VolunteerState,
    VolunteerTime,
)

BOUND = 1000
EVENING, SATURDAY = 18, 5


@dataclass(frozen=True)
class Asked:
    """What a code stands for: one of the three, or none."""

    report: PublicReport | None = None
    volunteer: Volunteer | None = None
    gathering: Gathering | None = None

    def __bool__(self) -> bool:
        return bool(self.report or self.volunteer or self.gathering)


def asked(code: str) -> Asked:
    """What somebody without an account told under this code; whoever asks has opened the scope for it."""
    index = tickets.index_of(code)
    report = PublicReport.objects.select_related("area", "twin").filter(code_index=index).first()
    volunteer = None if report else Volunteer.objects.select_related("area").filter(code_index=index).first()
    other = report or volunteer
    gathering = None if other else Gathering.objects.select_related("area").filter(code_index=index).first()
    return Asked(report, volunteer, gathering)


def report(pk: UUID | str) -> PublicReport:
    """One public report; raises DoesNotExist."""
    return PublicReport.objects.select_related("area", "taken_by", "closed_by", "twin").get(pk=pk)


def open_reports(area_code: str = "") -> QuerySet[PublicReport]:
    """Reports somebody has to do something about: late first, then new ones, then by their time."""
    rows = PublicReport.objects.filter(_below(area_code)).exclude(state__in=PublicReport.CLOSED)
    late = Q(state=ReportState.NEW, acknowledge_by__lt=now()) | Q(answer_by__lt=now())
    rank = Case(When(late, then=0), When(state=ReportState.NEW, then=1), default=2)
    return rows.select_related("area", "taken_by").order_by(rank, "answer_by", "pk")


def closed_reports(area_code: str = "") -> QuerySet[PublicReport]:
    """Those that are answered, the latest first."""
    rows = PublicReport.objects.filter(_below(area_code), state__in=PublicReport.CLOSED)
    return rows.select_related("area", "closed_by").order_by("-closed_at", "pk")


def alike(report: PublicReport, since: datetime) -> list[PublicReport]:
    """Reports about the same kind of thing in the same township since a moment: may be the same one."""
    rows = PublicReport.objects.filter(_below(report.area_id[:9]), kind=report.kind, sent_at__gte=since)
    return list(rows.exclude(pk=report.pk).filter(twin=None).select_related("area").order_by("-sent_at", "-pk")[:10])


def reports_by_ids(ids: Iterable[UUID]) -> list[PublicReport]:
    """Reports by id; ids outside the scope are missing."""
    return list(PublicReport.objects.filter(pk__in=list(ids)).select_related("area"))


def volunteer(pk: UUID | str) -> Volunteer:
    """One volunteer; raises DoesNotExist."""
    return Volunteer.objects.select_related("area", "person").get(pk=pk)


def waiting_volunteers(area_code: str = "") -> QuerySet[Volunteer]:
    """Who offered to help and is to be confirmed, the oldest offer first."""
    rows = Volunteer.objects.filter(_below(area_code), state=VolunteerState.APPLIED)
    return rows.select_related("area").order_by("created_at", "pk")


def volunteers(area_code: str = "") -> QuerySet[Volunteer]:
    """Confirmed volunteers of an area."""
    rows = Volunteer.objects.filter(_below(area_code), state=VolunteerState.CONFIRMED)
    return (
        rows.filter(Q(until=None) | Q(until__gte=today())).select_related("area", "person").order_by("area_id", "name")
    )


def minutes_of(ids: Iterable[UUID]) -> dict[UUID, int]:
    """Minutes credited so far, by volunteer."""
    rows = VolunteerShift.unscoped.filter(volunteer_id__in=list(ids), state=VolunteerShiftState.CAME).values_list(
        "volunteer_id"
    )
    return dict(rows.annotate(total=Sum("minutes")))


def call(pk: UUID | str) -> VolunteerCall:
    """One call for volunteers; raises DoesNotExist."""
    return VolunteerCall.objects.select_related("area").get(pk=pk)


def open_calls(area_code: str = "") -> QuerySet[VolunteerCall]:
    """Calls that look for volunteers, the first to begin first."""
    rows = VolunteerCall.objects.filter(_below(area_code), state=CallState.OPEN)
    return rows.select_related("area").order_by("starts_at", "pk")


def shifts_of(call_ids: Iterable[UUID]) -> dict[UUID, list[VolunteerShift]]:
    """The shifts of calls, who comes first; every call has an entry."""
    found: dict[UUID, list[VolunteerShift]] = {pk: [] for pk in call_ids}
    rows = VolunteerShift.unscoped.filter(call_id__in=found.keys())
    for row in rows.select_related("volunteer__area", "call").order_by("state", "created_at", "pk"):
        found[row.call_id].append(row)
    return found


def shift(pk: UUID | str) -> VolunteerShift:
    """One shift; raises DoesNotExist."""
    return VolunteerShift.objects.select_related("call__area", "volunteer").get(pk=pk)


def offers_to(volunteer: Volunteer) -> list[VolunteerShift]:
    """What a volunteer was offered or promised and is not over, the next first."""
    rows = VolunteerShift.unscoped.filter(
        volunteer=volunteer,
        state__in=[VolunteerShiftState.OFFERED, VolunteerShiftState.ACCEPTED],
        call__ends_at__gt=now(),
    )
    return list(rows.select_related("call__area", "volunteer").order_by("call__starts_at", "pk"))


def promised_ahead() -> list[VolunteerShift]:
    """Offers and promises for calls that are not over."""
    rows = VolunteerShift.objects.filter(
        state__in=[VolunteerShiftState.OFFERED, VolunteerShiftState.ACCEPTED],
        call__ends_at__gt=now(),
        call__state=CallState.OPEN,
    )
    return list(rows.select_related("call__area", "volunteer").order_by("call__starts_at", "pk")[:BOUND])


def candidates(called: VolunteerCall, area_code: str) -> list[Volunteer]:
    """Confirmed volunteers of an area who can do it, have time then, are not promised elsewhere and were not asked:
    the nearest first, then who has helped least."""
    rows = volunteers(area_code)
    if called.skill:
        rows = rows.filter(Q(skill=called.skill) | Q(second_skill=called.skill))
    busy = VolunteerShift.unscoped.filter(
        state__in=VolunteerShift.TAKEN, call__starts_at__lt=called.ends_at, call__ends_at__gt=called.starts_at
    )
    rows = rows.exclude(pk__in=busy.values("volunteer_id")).exclude(pk__in=called.shifts.values("volunteer_id"))
    found = list(rows.filter(available__in=_times(called.starts_at))[:BOUND])
    done = minutes_of(one.pk for one in found)
    return sorted(found, key=lambda one: (-_shared(one.area_id, called.area_id), done.get(one.pk, 0), one.name))


def gathering(pk: UUID | str) -> Gathering:
    """One gathering; raises DoesNotExist."""
    return Gathering.objects.select_related("area", "decided_by", "checked_by").get(pk=pk)


def undecided(area_code: str = "") -> QuerySet[Gathering]:
    """What waits for a decision, what has to be decided first first."""
    rows = Gathering.objects.filter(_below(area_code), state__in=Gathering.UNDECIDED)
    return rows.select_related("area").order_by("decide_by", "pk")


def coming(area_code: str = "") -> QuerySet[Gathering]:
    """What may be held and is not over, the next first."""
    rows = Gathering.objects.filter(_below(area_code), state=GatheringState.APPROVED, ends_at__gt=now())
    return rows.select_related("area").order_by("starts_at", "pk")


def unlooked(area_code: str = "") -> QuerySet[Gathering]:
    """What is over and nobody has said what was seen."""
    rows = Gathering.objects.filter(_below(area_code), ends_at__lte=now())
    rows = rows.filter(state__in=[GatheringState.APPROVED, GatheringState.REFUSED], checked_at=None)
    return rows.select_related("area").order_by("ends_at", "pk")


def against_the_rules(area_code: str = "") -> QuerySet[Gathering]:
    """What was held although it was refused, or without notice; the latest first."""
    rows = Gathering.objects.filter(_below(area_code), state=GatheringState.HELD)
    rows = rows.filter(Q(decision=GatheringDecision.REFUSED) | Q(announced=False))
    return rows.select_related("area").order_by(F("checked_at").desc(nulls_last=True), "pk")


def ahead() -> QuerySet[Gathering]:
    """Everything that waits for a decision or may be held, and is not over."""
    rows = Gathering.objects.filter(state__in=Gathering.AHEAD, ends_at__gt=now())
    return rows.select_related("area").order_by("starts_at", "pk")


def _below(area_code: str) -> Q:
    low, high = code_range(area_code)
    return Q(area_id__gte=low, area_id__lt=high) if area_code else Q()


def _times(starts_at: datetime) -> list[str]:
    """Who has time at such a moment."""
    local = timezone.localtime(starts_at)
    times = [VolunteerTime.ANY, VolunteerTime.WEEKENDS if local.weekday() >= SATURDAY else VolunteerTime.WEEKDAYS]
    return [*times, VolunteerTime.EVENINGS] if local.hour >= EVENING else times


def _shared(one: str, other: str) -> int:
    """How many digits two codes share: the more, the nearer."""
    length = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        length += 1
    return length


def came_between(since: datetime, until: datetime) -> list[VolunteerShift]:
    """Volunteers who came to a call that touches the time between two moments, with the person each of them is."""
    rows = VolunteerShift.objects.filter(
        state=VolunteerShiftState.CAME, call__ends_at__gt=since, call__starts_at__lt=until
    )
    return list(rows.select_related("call", "volunteer__person").order_by("call__starts_at", "pk"))
