"""Questions to early warning, inside the scope in force; no query count grows with the rows."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import Case, Count, F, Max, Q, QuerySet, When
from django.utils import timezone

from fangxian.core.areas import code_range
from fangxian.core.clock import now
from fangxian.core.standing import standing
from fangxian.systems.surveillance.models import Feed, FeedCount, Signal, WarningProduct
from fangxian.systems.surveillance.words import WORTH, SignalKind, SignalState, level_of
from fangxian.systems.surveillance.words import WarningState as S

SEEN = ("area_id", "kind", "method", "rule", "channel", "disease", "where", "first_on", "last_on", "period_on",
        "observed", "expected", "bound", "p", "recurrence_days", "series", "others")  # fmt: skip
"""What a delivered product keeps of its card."""
DAYS = ("first_on", "last_on", "period_on")


@dataclass(frozen=True)
class Tally:
    """How a rule or method has done: signals raised, answered, and how many of those deserved to be raised."""

    kind: str
    method: str
    rule: str
    raised: int
    answered: int
    worth: int

    @property
    def ppv(self) -> float | None:
        """Share of the answered signals that deserved it; None before there is an answer."""
        return self.worth / self.answered if self.answered else None

    @property
    def percent(self) -> int | None:
        """The same in whole percent."""
        return None if self.ppv is None else round(100 * self.ppv)

    @property
    def method_label(self) -> str:
        """The method in words."""
        return str(Signal(method=self.method).get_method_display())

    @property
    def level(self) -> str:
        """How grave the rule is, in words; "" for a method."""
        return level_of(self.rule)


def signal(pk: UUID | str) -> Signal:
    """One card; raises DoesNotExist outside the scope."""
    return Signal.objects.select_related("area", "judged_by").get(pk=pk)


def product(pk: UUID | str) -> WarningProduct:
    """One warning product; raises DoesNotExist."""
    return WarningProduct.objects.select_related("area", "to_area", "signal__area").get(pk=pk)


def signals(state: str = "", kind: str = "") -> QuerySet[Signal]:
    """Cards: open ones by their clock, answered ones newest first."""
    found = Signal.objects.select_related("area", "judged_by").defer("series", "others")
    found = found.filter(state=state) if state else found
    found = found.filter(kind=kind) if kind else found
    return found.order_by("due_at", "pk") if state == SignalState.OPEN else found.order_by("-raised_at", "-pk")


def overdue() -> QuerySet[Signal]:
    """Cards nobody has answered in time."""
    return signals(SignalState.OPEN).filter(due_at__lt=now())


def counts(since: date) -> dict[str, int]:
    """Figures of the inbox; one query."""
    open_ = Q(state=SignalState.OPEN)
    return Signal.objects.aggregate(
        open=Count("pk", filter=open_), overdue=Count("pk", filter=open_ & Q(due_at__lt=now())),
        silent=Count("pk", filter=open_ & Q(kind=SignalKind.SILENCE)),
        week=Count("pk", filter=Q(raised_for__gte=since)),
    )  # fmt: skip


def earlier(signal: Signal, most: int = 8) -> list[Signal]:
    """Answered cards of the same area and disease, the newest first: what was said before."""
    same = Signal.objects.filter(area_id=signal.area_id, disease=signal.disease).exclude(verdict="")
    return list(same.exclude(pk=signal.pk).select_related("judged_by").order_by("-judged_at")[:most])


def open_silences(area_code: str) -> list[Signal]:
    """Open cards of silent feeds of an area and all below it."""
    low, high = code_range(area_code)
    rows = Signal.objects.filter(kind=SignalKind.SILENCE, state=SignalState.OPEN, area_id__gte=low, area_id__lt=high)
    return list(rows.select_related("area"))


def under_way(area_code: str, since: date, until: date) -> list[Signal]:
    """Open statistical cards of an area and all below it that were seen since a day and raised until another."""
    low, high = code_range(area_code)
    rows = Signal.objects.filter(
        kind=SignalKind.STATISTICAL, state=SignalState.OPEN, area_id__gte=low, area_id__lt=high
    )
    return list(rows.filter(last_on__gte=since, raised_for__lte=until).order_by("raised_for", "pk"))


def raised_since(area_code: str, since: date, until: date) -> int:
    """Statistical cards of an area and all below it raised for the nights after a day, until a day: what the budget has
    spent. When an excess began says nothing here: that of a week or a month began long before its card."""
    low, high = code_range(area_code)
    rows = Signal.objects.filter(area_id__gte=low, area_id__lt=high, raised_for__gt=since, raised_for__lte=until)
    return rows.filter(kind=SignalKind.STATISTICAL).count()


def keys_seen(area_codes: Iterable[str], since: date) -> set[tuple[str, str, str, str, str]]:
    """What has a card in some areas that was seen since a day: area, disease, kind, rule and place of each."""
    rows = Signal.objects.filter(area_id__in=list(area_codes), last_on__gte=since).order_by()
    return set(rows.values_list("area_id", "disease", "kind", "rule", "where"))


def track_record() -> list[Tally]:
    """How each method and rule has done; one query. Silent feeds are no question of right or wrong."""
    rows = Signal.objects.exclude(kind=SignalKind.SILENCE).order_by().values_list("kind", "method", "rule")
    told = rows.annotate(
        raised=Count("pk"), answered=Count("pk", filter=~Q(verdict="")), worth=Count("pk", filter=Q(verdict__in=WORTH))
    )
    return [Tally(*row) for row in told.order_by("kind", "method", "rule")]


def products_of(signal: Signal) -> list[WarningProduct]:
    """What was made of a card."""
    return list(WarningProduct.objects.filter(signal=signal).select_related("to_area").order_by("created_at"))


def seen(product: WarningProduct) -> Signal | None:
    """What a product speaks of: its card as it stood on delivery, before that as it stands; None without one."""
    if product.signal is None or not product.seen:
        return product.signal
    days = {name: product.seen[name] and date.fromisoformat(product.seen[name]) for name in DAYS}
    return Signal(**{**product.seen, **days})


def formed_before(product: WarningProduct) -> int:
    """How many of its kind the area formed before it in the same year; one query."""
    year = timezone.localtime(product.created_at).replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0)
    same = WarningProduct.objects.filter(area_id=product.area_id, kind=product.kind, created_at__gte=year)
    earlier = Q(created_at__lt=product.created_at) | Q(created_at=product.created_at, pk__lt=product.pk)
    return same.filter(earlier).count()


def open_products() -> QuerySet[WarningProduct]:
    """Products on their way: those whose response is due first, then what waits to be delivered or fed back."""
    rows = WarningProduct.objects.filter(state__in=[S.FORMED, S.DELIVERED, S.RESPONDED])
    clocked = Case(When(state=S.DELIVERED, then=F("due_at")))
    return rows.select_related("area", "to_area").order_by(clocked.asc(nulls_last=True), "created_at", "pk")


def overdue_products() -> QuerySet[WarningProduct]:
    """Products nobody has responded to in time."""
    return open_products().filter(state=S.DELIVERED, due_at__lt=now())


def feeds(area_code: str) -> list[Feed]:
    """Feeds of an area and all below it that are not closed."""
    low, high = code_range(area_code)
    rows = Feed.objects.filter(standing(), area_id__gte=low, area_id__lt=high)
    return list(rows.select_related("area").order_by("area_id", "code"))


class Figure(NamedTuple):
    """One figure of a feed, and what it is out of; None where nobody said."""

    count: int
    out_of: int | None


def figures(feed_ids: Iterable[UUID], since: date, until: date) -> dict[UUID, dict[date, Figure]]:
    """The figures of feeds from a day until a day, both counted; one query."""
    found: dict[UUID, dict[date, Figure]] = defaultdict(dict)
    rows = FeedCount.objects.filter(feed_id__in=list(feed_ids), on__gte=since, on__lte=until)
    for feed_id, on, count, out_of in rows.order_by().values_list("feed_id", "on", "count", "out_of"):
        found[feed_id][on] = Figure(count, out_of)
    return found


def spoke_last(feed_ids: Iterable[UUID], until: date) -> dict[UUID, date]:
    """The day of the last figure of each feed up to a day."""
    rows = FeedCount.objects.filter(feed_id__in=list(feed_ids), on__lte=until).order_by().values_list("feed_id")
    return dict(rows.annotate(last=Max("on")))


def week_before(day: date) -> date:
    """The day a week before."""
    return day - timedelta(days=7)
