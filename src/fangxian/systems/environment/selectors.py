"""Questions to the environment, inside the scope in force."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from fangxian.core.areas import code_range
from fangxian.core.clock import now, today
from fangxian.systems.environment import rules
from fangxian.systems.environment.models import EnvironmentOrder, EnvironmentSample, MonitoringPoint
from fangxian.systems.environment.words import DISINFECTION, Result, State, Surrounding

MISSING, NOT_DUE = "MISSING", "NOT_DUE"
GRAVITY = (Result.POSITIVE, Result.UNCLEAR, Result.PENDING, Result.NEGATIVE)
"""Of several samples of a day the gravest stands for the day."""


@dataclass(frozen=True)
class PointDays:
    """A monitoring point and each day asked about: a value of `Result`, MISSING, or NOT_DUE.

    `days` keeps the order of time; a day that is over is missing when no sample was
    taken within as many days as the rule allows.
    """

    point: MonitoringPoint
    every_days: int
    days: dict[date, str]

    @property
    def missing(self) -> int:
        """Days without the sample that was due."""
        return sum(value == MISSING for value in self.days.values())


def sample(pk: UUID | str) -> EnvironmentSample:
    """One sample; raises DoesNotExist."""
    return EnvironmentSample.objects.select_related("area", "point", "order").get(pk=pk)


def order(pk: UUID | str) -> EnvironmentOrder:
    """One order; raises DoesNotExist."""
    return EnvironmentOrder.objects.select_related("area", "task", "done_by", "accepted_by").get(pk=pk)


def samples_for(ids: Iterable[UUID], since: datetime | None = None) -> list[EnvironmentSample]:
    """Samples of these things or because of them, the latest first."""
    ids = list(ids)
    rows = EnvironmentSample.objects.filter(Q(subject_id__in=ids) | Q(because_id__in=ids))
    rows = rows.filter(sampled_at__gte=since) if since else rows
    return list(rows.select_related("area").order_by("-sampled_at", "-pk")[:500])


def orders_for(ids: Iterable[UUID], since: datetime | None = None) -> list[EnvironmentOrder]:
    """Orders about these things or because of them, the latest first; withdrawn ones are left out."""
    ids = list(ids)
    rows = EnvironmentOrder.objects.filter(Q(subject_id__in=ids) | Q(because_id__in=ids))
    rows = rows.filter(created_at__gte=since) if since else rows
    return list(rows.exclude(state=State.WITHDRAWN).select_related("area").order_by("-ordered_on", "-pk")[:500])


def checks_of(order: EnvironmentOrder) -> list[EnvironmentSample]:
    """The samples that check an order, the latest first."""
    return list(EnvironmentSample.objects.filter(order=order).order_by("-sampled_at", "-pk"))


def counts(since: datetime) -> dict[str, int]:
    """Samples waiting, late and positive since a moment; orders open, overdue and to be accepted."""
    samples = EnvironmentSample.objects.aggregate(
        waiting=Count("pk", filter=Q(result=Result.PENDING)),
        late=Count("pk", filter=Q(result=Result.PENDING, due_at__lt=now())),
        positive=Count("pk", filter=Q(result=Result.POSITIVE, sampled_at__gte=since)),
    )  # fmt: skip
    orders = EnvironmentOrder.objects.aggregate(
        open=Count("pk", filter=Q(state=State.ORDERED)),
        overdue=Count("pk", filter=Q(state=State.ORDERED, due_at__lt=now())),
        to_accept=Count("pk", filter=Q(state=State.DONE)),
    )  # fmt: skip
    return {**samples, **orders}


def open_orders() -> QuerySet[EnvironmentOrder]:
    """Disinfection to be done or accepted, what is due first first."""
    rows = EnvironmentOrder.objects.filter(state__in=(State.ORDERED, State.DONE), kind__in=DISINFECTION)
    return rows.select_related("area").order_by("due_at", "pk")


def positives(since: datetime) -> QuerySet[EnvironmentSample]:
    """Positive samples since a moment, the latest first."""
    rows = EnvironmentSample.objects.filter(result=Result.POSITIVE, sampled_at__gte=since)
    return rows.select_related("area").order_by("-sampled_at", "pk")


def late_samples() -> QuerySet[EnvironmentSample]:
    """Samples whose result is overdue."""
    rows = EnvironmentSample.objects.filter(result=Result.PENDING, due_at__lt=now())
    return rows.select_related("area").order_by("due_at", "pk")


def rounds() -> list[str]:
    """Names of the rounds of improvement, the latest first."""
    rows = EnvironmentOrder.objects.exclude(round="").order_by().values_list("round", flat=True).distinct()
    return sorted(rows, reverse=True)


def round_orders(name: str) -> list[EnvironmentOrder]:
    """The orders of a round, village by village."""
    rows = EnvironmentOrder.objects.filter(round=name).exclude(state=State.WITHDRAWN)
    return list(rows.select_related("area").order_by("area_id", "kind"))


def feed(
    first: date, last: date, *, area_code: str = "", kinds: Iterable[str] = (Surrounding.SEWAGE,)
) -> list[PointDays]:
    """Every monitoring point of these kinds with each day from `first` to `last`: results, and gaps as gaps.

    Two queries, however many points and days there are. Early warning reads the same.
    """
    points = _points(area_code, kinds)
    packs = {code: rules.pack_of(code) for code in {point.area_id for point in points}}
    every = {row.pk: row.every_days or rules.every_days(row.kind, packs[row.area_id]) for row in points}
    known = _by_day(points, first - timedelta(days=max(every.values(), default=0)), last)
    shown = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return [
        PointDays(row, every[row.pk], {day: _state(row, every[row.pk], known[row.pk], day) for day in shown})
        for row in points
    ]


def _points(area_code: str, kinds: Iterable[str]) -> list[MonitoringPoint]:
    rows = MonitoringPoint.objects.filter(kind__in=list(kinds))
    if area_code:
        low, high = code_range(area_code)
        rows = rows.filter(area_id__gte=low, area_id__lt=high)
    return list(rows.select_related("area").order_by("area_id", "name"))


def _by_day(points: list[MonitoringPoint], first: date, last: date) -> dict[UUID, dict[date, str]]:
    """The gravest result of each day of each point."""
    begin, end = _midnight(first), _midnight(last + timedelta(days=1))
    rows = EnvironmentSample.objects.filter(point__in=points, sampled_at__gte=begin, sampled_at__lt=end)
    found: dict[UUID, dict[date, str]] = defaultdict(dict)
    for point, at, result in rows.order_by().values_list("point_id", "sampled_at", "result"):
        day = timezone.localdate(at)
        found[point][day] = min(result, found[point].get(day, result), key=lambda one: GRAVITY.index(Result(one)))
    return found


def _state(point: MonitoringPoint, every: int, known: dict[date, str], day: date) -> str:
    if day in known:
        return known[day]
    closed = point.closed_on is not None and day >= point.closed_on
    if day < point.opened_on or closed or day >= today():
        return NOT_DUE
    since = [day - timedelta(days=number) for number in range(every)]
    covered = any(one in known for one in since) or day - point.opened_on < timedelta(days=every - 1)
    return NOT_DUE if covered else MISSING


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
