"""Reading immunization: always inside the scope in force, a fixed number of queries."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Case, Count, F, Q, QuerySet, Sum, When

from fangxian.core.areas import code_range
from fangxian.core.clock import now, today
from fangxian.core.standing import standing
from fangxian.systems.immunization import rules
from fangxian.systems.immunization.models import (
    Aefi,
    Dose,
    Refusal,
    SiteMeans,
    StockMovement,
    VaccinationSite,
    VaccineLot,
    Visit,
)
from fangxian.systems.immunization.words import Station

ROOMS = (Station.REGISTRATION, Station.VACCINATION, Station.OBSERVATION)


@dataclass
class Room:
    """One of the three rooms now: who waits or sits there, the first first; how long people took there today (minutes,
    the median and the longest; None before anybody was through)."""

    station: str
    waiting: list[Visit] = field(default_factory=list)
    median: float | None = None
    longest: float | None = None

    @property
    def label(self) -> str:
        """Its name in the reader's language."""
        return str(Station(self.station).label)


@dataclass(frozen=True)
class Day:
    """A site's day: the rooms, and how many came, were vaccinated, were sent home, went too early."""

    rooms: list[Room]
    came: int
    vaccinated: int
    turned_away: int
    left_early: int


def site(site_id: UUID | str) -> VaccinationSite:
    """One site; raises VaccinationSite.DoesNotExist outside the scope as for no such site."""
    return VaccinationSite.objects.select_related("area").get(pk=site_id)


def sites() -> QuerySet[VaccinationSite]:
    """Open sites, by area and name."""
    rows = VaccinationSite.objects.filter(standing())
    return rows.select_related("area").order_by("area_id", "name")


def visit(visit_id: UUID | str) -> Visit:
    """One visit with what its page shows."""
    return Visit.objects.select_related("site", "person", "area", "home_area").get(pk=visit_id)


def dose(dose_id: UUID | str) -> Dose:
    """One dose with person and lot."""
    return Dose.objects.select_related("person", "lot__site", "area", "visit").get(pk=dose_id)


def lot(lot_id: UUID | str) -> VaccineLot:
    """One lot of a site."""
    return VaccineLot.objects.select_related("site", "area").get(pk=lot_id)


def event(event_id: UUID | str) -> Aefi:
    """One adverse event with dose and person."""
    rows = Aefi.objects.select_related("dose__person", "dose__lot__site", "dose__visit__site", "area", "reported_by")
    return rows.get(pk=event_id)


def day_of(place: VaccinationSite, on: date) -> Day:
    """The board of a site: two queries, whatever the number of people. All times follow from the visits."""
    rows = Visit.objects.filter(site=place, day=on)
    here = list(rows.filter(state=Visit.State.HERE).select_related("person").order_by("number"))
    rooms = {station: Room(station) for station in ROOMS}
    for one in here:
        rooms[Station(one.station)].waiting.append(one)
    times = list(rows.values_list("state", "arrived_at", "registered_at", "vaccinated_at", "left_at"))
    for index, station in enumerate(ROOMS, start=1):
        _timed(rooms[station], [(row[index], row[index + 1]) for row in times])
    states = [row[0] for row in times]
    return Day(
        [rooms[station] for station in ROOMS], len(times), sum(row[3] is not None for row in times),
        states.count(Visit.State.TURNED_AWAY), states.count(Visit.State.LEFT_EARLY),
    )  # fmt: skip


def _timed(room: Room, spans: Iterable[tuple[datetime | None, datetime | None]]) -> None:
    minutes = sorted((end - begin) / timedelta(minutes=1) for begin, end in spans if begin and end)
    if minutes:
        room.median, room.longest = minutes[len(minutes) // 2], minutes[-1]


def queues(site_ids: Iterable[UUID], on: date) -> dict[UUID, dict[str, int]]:
    """For each site how many came, wait in each room, and were vaccinated on a day: one query."""
    here = Q(state=Visit.State.HERE)
    counts = {
        "came": Count("pk"), "vaccinated": Count("pk", filter=Q(vaccinated_at__isnull=False)),
        "registration": Count("pk", filter=here & Q(registered_at__isnull=True)),
        "vaccination": Count("pk", filter=here & Q(registered_at__isnull=False, vaccinated_at__isnull=True)),
        "observation": Count("pk", filter=here & Q(vaccinated_at__isnull=False)),
    }  # fmt: skip
    ids = list(site_ids)
    rows = Visit.objects.filter(site_id__in=ids, day=on).order_by().values("site_id").annotate(**counts)
    found = {row.pop("site_id"): row for row in rows}
    return {pk: found.get(pk, dict.fromkeys(counts, 0)) for pk in ids}


def lots_of(place: VaccinationSite) -> QuerySet[VaccineLot]:
    """What is in a fridge, what expires first first; empty lots last."""
    empty = Case(When(sealed=0, opened=0, then=1), default=0)
    return VaccineLot.objects.filter(site=place).order_by(empty, "expires_on", "number")


def usable(place: VaccinationSite, vaccine: str, disease: str) -> list[VaccineLot]:
    """Lots of a vaccine that may be given at a site today: opened ones first, then what expires first."""
    rows = VaccineLot.objects.filter(site=place, vaccine=vaccine, disease=disease, recalled_at=None)
    rows = rows.filter(expires_on__gte=today()).exclude(sealed=0, opened=0)
    return list(rows.order_by(Case(When(opened__gt=0, then=0), default=1), "expires_on", "number"))


def vaccines_at(place: VaccinationSite, disease: str) -> list[str]:
    """The vaccines of which a site has doses that may be given, the most first."""
    rows = VaccineLot.objects.filter(site=place, disease=disease, recalled_at=None, expires_on__gte=today())
    left = rows.values("vaccine").annotate(left=Sum(F("sealed") + F("opened"))).filter(left__gt=0)
    return list(left.order_by("-left", "vaccine").values_list("vaccine", flat=True))


def movements_of(place: VaccinationSite) -> QuerySet[StockMovement]:
    """The ledger of a fridge, the latest first; doses given stand in the doses."""
    return StockMovement.objects.filter(lot__site=place).select_related("lot", "other_site", "created_by").order_by(
        "-moved_at", "-pk"
    )  # fmt: skip


def lots_called(vaccine: str, number: str) -> list[VaccineLot]:
    """A lot in every fridge of the scope."""
    rows = VaccineLot.objects.filter(vaccine=vaccine, number=number)
    return list(rows.select_related("site", "area").order_by("site__area_id", "site__name"))


def lots_known(text: str = "") -> list[dict]:
    """Lot numbers with what is left of them in all fridges of the scope, recalled ones first."""
    rows = VaccineLot.objects.filter(number__gte=text, number__lt=text + "\U0010ffff") if text else VaccineLot.objects
    sums = rows.order_by().values("vaccine", "number", "expires_on").annotate(
        left=Sum(F("sealed") + F("opened")), given=Sum("used"), sites=Count("pk"),
        recalled=Count("pk", filter=Q(recalled_at__isnull=False)),
    )  # fmt: skip
    return list(sums.order_by("-recalled", "expires_on", "number")[:100])


def given_of(vaccine: str, number: str) -> QuerySet[Dose]:
    """Who had a dose of a lot, the latest first: by the number of the lot, whichever fridge or sheet it came from."""
    rows = Dose.objects.filter(lot_number=number, vaccine=vaccine, state=Dose.State.VALID)
    return rows.select_related("person", "area", "home_area").order_by("-given_on", "-given_at", "pk")


def doses_of(person_id: UUID, disease: str = "") -> list[Dose]:
    """The doses of a person, wherever they were given, in order."""
    rows = Dose.unscoped.filter(person_id=person_id, state=Dose.State.VALID)
    rows = rows.filter(disease=disease) if disease else rows
    return list(rows.select_related("lot").order_by("given_on", "pk"))


def dose_of_visit(visit: Visit) -> Dose | None:
    """The dose of a visit, also one taken back; None where none was given."""
    return Dose.unscoped.filter(visit=visit).first()


def open_events() -> QuerySet[Aefi]:
    """Events without a conclusion: those not reported yet first, by their clock."""
    rows = Aefi.objects.exclude(stage=Aefi.Stage.FINAL).select_related("dose__person", "area")
    return rows.order_by(F("reported_at").asc(nulls_first=True), "report_due_at", "pk")


def cluster_of(event: Aefi) -> list[Aefi]:
    """Events after doses of the same lot or at the same site, found within the days of the pack; itself among them."""
    span = timedelta(days=int(rules.general(event.area_id).table("aefi.cluster")["window_days"]))
    same = Q(dose__visit__site=event.dose.visit.site_id) if event.dose.visit_id else Q(pk=event.pk)
    if event.dose.lot_number:
        same |= Q(dose__lot_number=event.dose.lot_number, dose__vaccine=event.dose.vaccine)
    rows = Aefi.unscoped.filter(same, found_at__gte=event.found_at - span, found_at__lte=event.found_at + span)
    return list(rows.select_related("dose__person", "area").order_by("found_at", "pk"))


def events_of(visit_ids: Iterable[UUID]) -> dict[UUID, list[Aefi]]:
    """Events after the doses of visits."""
    found: dict[UUID, list[Aefi]] = {pk: [] for pk in visit_ids}
    for row in Aefi.objects.filter(dose__visit__in=list(found)).select_related("dose").order_by("found_at"):
        found[row.dose.visit_id].append(row)
    return found


def complete_among(person_ids: Iterable[UUID] | QuerySet, disease: str) -> set[UUID]:
    """Those of the persons with a complete course, wherever the doses were given: one query."""
    chosen = person_ids if isinstance(person_ids, QuerySet) else list(person_ids)
    rows = Dose.unscoped.filter(person_id__in=chosen, disease=disease, completes=True, state=Dose.State.VALID)
    return set(rows.order_by().values_list("person_id", flat=True))


def refusals_of(person_ids: Iterable[UUID], disease: str) -> dict[UUID, Refusal]:
    """The refusals that hold, by person."""
    rows = Refusal.objects.filter(person_id__in=list(person_ids), disease=disease, is_latest=True)
    return {row.person_id: row for row in rows}


def to_ask(area_code: str, on: date) -> QuerySet[Refusal]:
    """Refusals of an area whose day to ask again has come, of people who live there still."""
    low, high = code_range(area_code)
    rows = Refusal.objects.filter(area_id__gte=low, area_id__lt=high, is_latest=True, ask_again_on__lte=on)
    return rows.filter(person__left_on__isnull=True).select_related("person", "area").order_by("ask_again_on", "pk")


def means_missing() -> QuerySet[SiteMeans]:
    """What sites lack."""
    rows = SiteMeans.objects.filter(there__lt=F("needed")).select_related("site", "area")
    return rows.order_by("site__area_id", "site__name", "item")


def means_of(place: VaccinationSite) -> list[SiteMeans]:
    """What a site needs and has."""
    return list(SiteMeans.objects.filter(site=place).order_by("item"))


def last_doses(person_ids: Iterable[UUID], disease: str) -> dict[UUID, Dose]:
    """The last dose of each person: one query for a page of people."""
    rows = Dose.unscoped.filter(person_id__in=list(person_ids), disease=disease, state=Dose.State.VALID)
    return {row.person_id: row for row in rows.order_by("given_on")}


def figures(disease: str) -> dict[str, int]:
    """What stands beside the day's lists: events reported too late, doses left, those that expire soon."""
    late = Aefi.objects.filter(reported_at__isnull=True, report_due_at__lt=now()).exclude(stage=Aefi.Stage.FINAL)
    stock = VaccineLot.objects.filter(disease=disease, recalled_at=None)
    soon = stock.filter(expires_on__lte=rules.expiring()).aggregate(n=Sum(F("sealed") + F("opened")))["n"]
    return {
        "late": late.count(), "expiring": soon or 0,
        "left": stock.aggregate(n=Sum(F("sealed") + F("opened")))["n"] or 0,
    }  # fmt: skip
