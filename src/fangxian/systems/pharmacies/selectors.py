"""Questions to pharmacies, inside the scope in force: a till's day, who reported, who is silent, the daily signal."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet, Sum
from django.utils import timezone

from fangxian.core import identity, modes
from fangxian.core.areas import code_range
from fangxian.core.clock import now
from fangxian.core.fields import blind
from fangxian.core.officers import Officer
from fangxian.core.standing import standing
from fangxian.registers.listing import prefix
from fangxian.systems.people import derived
from fangxian.systems.pharmacies import rules
from fangxian.systems.pharmacies.models import CallBack, OfPharmacy, Pharmacy, Product, Sale, SaleLine, TillTotal
from fangxian.systems.pharmacies.words import SETTLED, Stage

AGREES, DIFFERS, NO_TILL, NO_REGISTER, VOLUME = "agrees", "differs", "no_till", "no_register", "volume"
BUYERS_SHOWN, BUYERS_READ = 6, 60


def pharmacy(pk: UUID | str) -> Pharmacy:
    """One pharmacy; raises DoesNotExist."""
    return Pharmacy.objects.select_related("area").get(pk=pk)


def sale(pk: UUID | str) -> Sale:
    """One sale; raises DoesNotExist."""
    return Sale.objects.select_related("pharmacy", "area", "person__area").get(pk=pk)


def sale_at(pharmacy: Pharmacy, pk: UUID | str) -> Sale | None:
    """A sale of this pharmacy, or None."""
    return Sale.objects.filter(pharmacy=pharmacy, pk=pk).first()


def call_back(pk: UUID | str) -> CallBack:
    """One call-back; raises DoesNotExist."""
    return CallBack.objects.select_related("pharmacy__area", "person__area", "sale", "area", "home_area").get(pk=pk)


def mine(officer: Officer) -> list[Pharmacy]:
    """The pharmacies an officer is a clerk of, inside the scope in force, by name."""
    own = OfPharmacy.houses_of(officer.pk).values("pk")
    return list(Pharmacy.objects.filter(standing(), pk__in=own).select_related("area").order_by("name"))


def pharmacies(area_code: str = "") -> QuerySet[Pharmacy]:
    """Those that are open, by area and name; of one area if it is named."""
    rows = Pharmacy.objects.filter(standing()).select_related("area").order_by("area_id", "name")
    return rows.filter(**_inside(area_code))


def _inside(area_code: str) -> dict[str, str]:
    """The rows of one area; of the whole scope where none is named."""
    if not area_code:
        return {}
    low, high = code_range(area_code)
    return {"area_id__gte": low, "area_id__lt": high}


# --- at the till ---


def earlier_buyers(pharmacy: Pharmacy, text: str) -> list[Sale]:
    """Earlier buyers of this pharmacy, the latest first, each once: by a whole number or phone, or a name's beginning.

    One field for all three; who is not a buyer here is not found, whatever number is typed.
    """
    term = identity.normalise(text)
    if not term:
        return []
    rows = Sale.objects.filter(pharmacy=pharmacy).exclude(name="").filter(_means(term))
    latest: dict[Any, Sale] = {}
    for row in rows.order_by("-sold_at", "-pk")[:BUYERS_READ]:
        latest.setdefault(row.person_id or row.pk, row)
    return list(latest.values())[:BUYERS_SHOWN]


def _means(term: str) -> Q:
    if sum(character.isdigit() for character in term) < 6:
        return prefix("name", term)
    number, phone = derived.normal_number(term), derived.normal_phone(term)
    return Q(id_index=blind(Sale, "id_number", number)) | Q(phone_index=blind(Sale, "phone", phone))


def sales_of(pharmacy: Pharmacy, day: date) -> QuerySet[Sale]:
    """The receipts of one day, the latest first."""
    begin, end = bounds(day)
    return Sale.objects.filter(pharmacy=pharmacy, sold_at__gte=begin, sold_at__lt=end).order_by("-sold_at", "-pk")


def bounds(day: date) -> tuple[datetime, datetime]:
    """The first moment of a local day, and of the next."""
    begin = timezone.make_aware(datetime.combine(day, time()))
    return begin, timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))


# --- the day of a till ---


@dataclass(frozen=True)
class Compared:
    """One product of a day: what the till counted and what the register holds; None where one of them said nothing."""

    product: Product
    till: int | None
    register: int | None
    is_asked: bool = True

    @property
    def verdict(self) -> str:
        """agrees, differs, no_till (only the register knows it), no_register (only the till does), or volume: only the
        till knows it, and by the ladder of that day nobody had to be registered."""
        if self.till is None:
            return NO_TILL
        if self.register is None and self.till:
            return NO_REGISTER if self.is_asked else VOLUME
        return AGREES if self.till == (self.register or 0) else DIFFERS


def reconcile(pharmacy: Pharmacy, day: date) -> list[Compared]:
    """Till against register for every product either has spoken of, by class and name: three queries."""
    till = dict(TillTotal.objects.filter(pharmacy=pharmacy, day=day).values_list("product_id", "quantity"))
    lines = SaleLine.objects.filter(pharmacy=pharmacy, day=day, is_void=False)
    register = dict(lines.order_by().values_list("product_id").annotate(n=Sum("quantity")))
    products = Product.objects.filter(pk__in=till.keys() | register.keys()).order_by("drug", "name", "code")
    steps = rules.ladder(rules.pack_of(pharmacy.area_id, bounds(day)[0]))
    return [
        Compared(one, till.get(one.pk), register.get(one.pk), steps.get(one.drug) in (Stage.REAL_NAME, Stage.STOPPED))
        for one in products
    ]


# --- who spoke ---


@dataclass
class Reported:
    """How much of the classes under watch a pharmacy sold on each day it said something of, by day and class."""

    days: dict[date, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))

    def on(self, day: date) -> dict[str, int] | None:
        """Quantities by class; None where the pharmacy said nothing, which is not zero."""
        return self.days.get(day)

    def total(self, day: date) -> int | None:
        """All classes together; None for silence."""
        told = self.days.get(day)
        return None if told is None else sum(told.values())


def reported(area_code: str, since: date, until: date) -> dict[UUID, Reported]:
    """What the pharmacies of an area said of each day from `since` to `until`, both included: two queries.

    Where a till has counted a class on a day, its figure stands; else the register's. Silence leaves no key.
    """
    inside = {**_inside(area_code), "day__gte": since, "day__lte": until}
    found: dict[UUID, Reported] = defaultdict(Reported)
    lines = SaleLine.objects.filter(**inside, is_void=False).order_by()
    for house, day, drug, count in lines.values_list("pharmacy_id", "day", "drug").annotate(n=Sum("quantity")):
        found[house].days[day][drug] = count
    tills = TillTotal.objects.filter(**inside).order_by()
    for house, day, drug, count in tills.values_list("pharmacy_id", "day", "product__drug").annotate(n=Sum("quantity")):
        found[house].days[day][drug] = count
    return dict(found)


def expected(area_code: str, at: datetime | None = None) -> list[Pharmacy]:
    """Which pharmacies of an area have to say something every day by the ladder: all from the real name on, before that
    the sentinels, and nobody where the sale is free."""
    moment = at or now()
    houses = []
    with modes.remembered():
        asked = [(house, rules.pack_of(house.area_id, moment)) for house in pharmacies(area_code)]
    for house, pack in asked:
        steps = set(rules.ladder(pack).values())
        if steps & {Stage.REAL_NAME, Stage.STOPPED} or (Stage.SENTINEL in steps and house.is_sentinel):
            houses.append(house)
    return houses


# --- call-backs ---


def open_calls(pharmacy: Pharmacy | None = None) -> QuerySet[CallBack]:
    """Call-backs not settled, the most urgent first."""
    rows = CallBack.objects.exclude(outcome__in=SETTLED).select_related("person", "pharmacy", "sale", "area")
    rows = rows.filter(pharmacy=pharmacy) if pharmacy else rows
    return rows.order_by("due_at", "pk")


def calls_of(sale_ids: Iterable[UUID]) -> dict[UUID, CallBack]:
    """The call-backs that follow from sales, by the sale."""
    return {row.sale_id: row for row in CallBack.objects.filter(sale_id__in=list(sale_ids))}


def violations(since: datetime) -> QuerySet[Sale]:
    """Sales the ladder did not allow, the latest first."""
    rows = Sale.objects.exclude(wrong="").filter(sold_at__gte=since, voided_at=None)
    return rows.select_related("pharmacy", "area").order_by("-sold_at")
