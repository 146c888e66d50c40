"""Questions to supplies, inside the scope in force."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Case, F, Min, QuerySet, Sum, When
from django.utils import timezone

from fangxian.core import scope
from fangxian.core.areas import Area, code_range, county_of
from fangxian.core.clock import day_of, now, today
from fangxian.core.policy import Pack
from fangxian.core.standing import standing
from fangxian.systems.people.models import Person
from fangxian.systems.supplies import rules
from fangxian.systems.supplies.models import Movement, Stock, Store, SupplyRequest
from fangxian.systems.supplies.outlook import Lot, Row, day_after, lasting, rate
from fangxian.systems.supplies.rules import Work
from fangxian.systems.supplies.words import SupplyItem, SupplyMove

Lots = dict[str, list[Lot]]


def store(pk: UUID | str) -> Store:
    """One store; raises DoesNotExist."""
    return Store.objects.select_related("area", "keeper").get(pk=pk)


def stores(area_code: str = "") -> QuerySet[Store]:
    """Open stores of an area and all below it, by area and name."""
    low, high = code_range(area_code)
    rows = Store.objects.filter(standing(), area_id__gte=low, area_id__lt=high)
    return rows.select_related("area", "keeper").order_by("area_id", "name")


def givers(asking: Store) -> list[Store]:
    """Whom a store may ask: the other open stores of its county, and those of the prefecture itself."""
    county = county_of(asking.area_id)
    low, high = code_range(county.code if county else asking.area_id)
    with scope.everywhere("whoever asks for supplies sees the names of the stores that may give them"):
        rows = Store.objects.filter(standing()).exclude(pk=asking.pk).select_related("area")
        near = rows.filter(area_id__gte=low, area_id__lt=high) | rows.filter(area_id=low[:4])
        return list(near.order_by("area_id", "name")[:200])


def giver(asking: Store, pk: UUID | str) -> Store:
    """One of them; raises DoesNotExist."""
    found = next((one for one in givers(asking) if str(one.pk) == str(pk)), None)
    if found is None:
        raise Store.DoesNotExist
    return found


def lots_of(found: Store) -> list[Stock]:
    """What lies in a store, by item, what expires first first."""
    rows = Stock.objects.filter(store=found, quantity__gt=0)
    return list(rows.order_by("item", F("expires_on").asc(nulls_last=True), "lot"))


def lot(found: Store, item: str, name: str) -> Stock | None:
    """One lot of a store, also one that is used up."""
    return Stock.objects.filter(store=found, item=item, lot=name).first()


def movements_of(found: Store) -> QuerySet[Movement]:
    """The movements of a store, the latest first."""
    return Movement.objects.filter(store=found).select_related("other_store").order_by("-moved_at", "-pk")


def lots_in(area_code: str, item: str) -> list[Stock]:
    """The lots of an item in the stores of an area, what expires first first."""
    rows = Stock.objects.filter(store__in=stores(area_code), item=item, quantity__gt=0).select_related("store__area")
    return list(rows.order_by(F("expires_on").asc(nulls_last=True), "pk"))


def moves_in(area_code: str, item: str) -> QuerySet[Movement]:
    """The movements of an item in the stores of an area, the latest first."""
    low, high = code_range(area_code)
    rows = Movement.objects.filter(area_id__gte=low, area_id__lt=high, item=item)
    return rows.select_related("store", "other_store").order_by("-moved_at", "-pk")


def moves_by(found: SupplyRequest) -> list[Movement]:
    """What moved by a request, on both its sides where the scope reaches them."""
    return list(Movement.objects.filter(request=found).select_related("store").order_by("moved_at", "pk"))


def request(pk: UUID | str) -> SupplyRequest:
    """One request; raises DoesNotExist."""
    rows = SupplyRequest.objects.select_related(
        "to_store__area", "from_store__area", "from_store__keeper", "to_store__keeper", "leader_by", "keeper_by",
        "created_by",
    )  # fmt: skip
    return rows.get(pk=pk)


def open_requests() -> QuerySet[SupplyRequest]:
    """Those that are not at their end, late ones first."""
    rows = SupplyRequest.objects.filter(state__in=SupplyRequest.OPEN)
    rows = rows.select_related("to_store", "from_store").prefetch_related("lines")
    return rows.order_by(Case(When(due_at__lt=now(), then=0), default=1), "due_at", "pk")


def in_area(rows: QuerySet[SupplyRequest], area_code: str) -> QuerySet[SupplyRequest]:
    """Those of them that an area asks or gives."""
    low, high = code_range(area_code)
    return rows.filter(area_id__gte=low, area_id__lt=high) | rows.filter(from_area_id__gte=low, from_area_id__lt=high)


def expiring(area_code: str) -> list[Stock]:
    """What has expired or soon will, in the stores of an area; what expires first first."""
    until = today() + rules.expiring(rules.pack_of(area_code))
    rows = Stock.objects.filter(store__in=stores(area_code), quantity__gt=0, expires_on__lte=until)
    return list(rows.select_related("store__area").order_by("expires_on", "pk"))


def areas_above(store_area: str) -> list[Area]:
    """The areas for which what moves there counts: those with a store of their own, from the area itself upwards."""
    codes = [store_area[:length] for length in range(1, len(store_area) + 1)]
    own = Store.objects.filter(standing(), area_id__in=codes)
    return list(Area.objects.filter(pk__in=own.values("area_id")).order_by("-code"))


def people_in(area: Area) -> int:
    """How many people an area has: by the census where it is known, else those on record."""
    if area.population:
        return area.population
    low, high = area.range
    return Person.unscoped.filter(area_id__gte=low, area_id__lt=high).count()


def staff_of(area_code: str) -> int:
    """How many people on duty a day take their protection from the stores of an area."""
    return stores(area_code).aggregate(n=Sum("staff"))["n"] or 0


def outlook(area: Area, *, work: Work | None = None, items: Iterable[str] = ()) -> list[Row]:
    """Every item an area has or has to hold, shortest first; the same few questions however many stores there are.

    `work`: a day of what is planned, for the norm; without it only the staff of the stores counts.
    """
    pack, day = rules.pack_of(area.code), today()
    staff = staff_of(area.code)
    work = work or Work(staff=staff)
    used, over = _used(area.code, pack, day)
    lots = _lots(area.code)
    wanted = list(items) or [
        item for item in SupplyItem.values if item in lots or item in used or item in rules.kept(pack)
    ]
    people = people_in(area)
    rows = []
    for item in wanted:
        going = rate(used=used.get(item, 0), over_days=over, norm=rules.norm(pack, item, work),
                     least_days=rules.burn_least_days(pack))  # fmt: skip
        least = rules.minimum(pack, item, people=people, staff=staff)
        rows.append(_row(pack, item, lots.get(item, []), going, least, day))
    return sorted(rows, key=lambda row: (row.days_left is None, row.days_left or 0, row.item))


def _row(pack: Pack, item: str, lots: list[Lot], going, least: int, day: date) -> Row:
    soon = day + rules.expiring(pack)
    fresh = [lot for lot in lots if lot.expires_on is None or lot.expires_on >= day]
    there, until = sum(lot.quantity for lot in fresh), lasting(fresh, going.a_day, day)
    few = until.days is not None and until.days < rules.alert_days(pack) and (going.a_day > 0 or least > 0)
    return Row(
        item=item, stock=there, expired=sum(lot.quantity for lot in lots) - there,
        expiring=sum(lot.quantity for lot in fresh if lot.expires_on and lot.expires_on <= soon), minimum=least,
        rate=going, days_left=until.days, runs_out_on=day_after(until.days, day), spoils=round(until.wasted),
        is_short=there < least or few, cost_a_day=round(going.a_day * rules.price(pack, item), 2),
    )  # fmt: skip


def _lots(area_code: str) -> Lots:
    """What lies in the stores of an area, by item and expiry day."""
    rows = Stock.objects.filter(store__in=stores(area_code), quantity__gt=0).order_by()
    found: Lots = defaultdict(list)
    for item, expires_on, quantity in rows.values_list("item", "expires_on").annotate(n=Sum("quantity")):
        found[item].append(Lot(quantity, expires_on))
    return found


def _used(area_code: str, pack: Pack, day: date) -> tuple[dict[str, int], int]:
    """What was used in the last days by item, and over how many days that is known: since the first use at most."""
    low, high = code_range(area_code)
    since = _midnight(day - timedelta(days=rules.burn_days(pack) - 1))
    moves = Movement.objects.filter(area_id__gte=low, area_id__lt=high, kind=SupplyMove.USED).order_by()
    first = moves.aggregate(at=Min("moved_at"))["at"]
    if first is None:
        return {}, 0
    used = moves.filter(moved_at__gte=since).values_list("item").annotate(n=Sum("quantity"))
    known = (day - day_of(first)).days + 1
    return dict(used), min(known, rules.burn_days(pack))


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
