"""Reading places: by code, by id, by area; always inside the scope in force."""

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from django.db.models import QuerySet

from fangxian.core import policy
from fangxian.core.areas import Area, code_range
from fangxian.core.clock import now
from fangxian.core.policy.files import ANY_DISEASE
from fangxian.core.standing import standing
from fangxian.systems.screening.models import Place, VenueCode
from fangxian.systems.screening.plausible import Ground

CHUNK = 5_000
RULE = "screening.assumed_stay_minutes"
CODE_RULE, CODE_DAYS = "screening.venue_code_days", 90
LONGEST_QUEUE = timedelta(days=31)  # a phone without network sends its scans when it has one


def place(place_id: UUID | str) -> Place:
    """One place; raises Place.DoesNotExist outside the scope as for no such place."""
    return Place.objects.select_related("area").get(pk=place_id)


def place_by_code(code: str) -> Place | None:
    """The place with this venue code, however it was typed; None where there is none inside the scope."""
    return Place.objects.select_related("area").filter(code=normal_code(code)).first()


def by_codes(codes: Iterable[str]) -> dict[str, Place]:
    """Places by the code as it was given; unknown codes are missing."""
    wanted = {code: normal_code(code) for code in codes}
    found = {row.code: row for part in _parts(wanted.values()) for row in Place.objects.filter(code__in=part)}
    return {code: found[normal] for code, normal in wanted.items() if normal in found}


def by_ids(ids: Iterable[UUID]) -> dict[UUID, Place]:
    """Places by id, with their area; ids outside the scope are missing."""
    rows = (row for part in _parts(ids) for row in Place.objects.filter(pk__in=part).select_related("area"))
    return {row.pk: row for row in rows}


def in_area(area_code: str, *, kinds: Iterable[str] = (), on: date | None = None) -> QuerySet[Place]:
    """Places of an area and all below it that are not closed on the day (today), some kinds or all."""
    low, high = code_range(area_code)
    rows = Place.objects.filter(standing(on=on), area_id__gte=low, area_id__lt=high)
    kinds = list(kinds)
    return (rows.filter(kind__in=kinds) if kinds else rows).select_related("area").order_by("area_id", "name")


def like(name: str, credit_code: str, *, area_code: str, kind: str, most: int = 8) -> list[Place]:
    """Open places of a kind that may be the house of this name: the same credit code first, then the likest names.

    Only such as follow no record yet. A name counts by its pairs of characters (Sørensen–Dice).
    """
    rows = in_area(area_code, kinds=[kind]).filter(kept_in="")
    scored = [(bool(credit_code) and row.credit_code == credit_code, _likeness(name, row.name), row) for row in rows]
    likely = sorted((one for one in scored if one[0] or one[1] > 0), key=lambda one: (not one[0], -one[1], one[2].name))
    return [row for _same, _like, row in likely[:most]]


def _likeness(left: str, right: str) -> float:
    mine, theirs = _pairs(left), _pairs(right)
    return 2 * len(mine & theirs) / (len(mine) + len(theirs)) if mine and theirs else float(left == right)


def _pairs(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1)}


def hubs() -> frozenset[UUID]:
    """Ids of transit hubs, which second-degree tracing leaves out."""
    return frozenset(Place.objects.filter(is_hub=True).values_list("pk", flat=True))


def assumed_stay(kind: str, *, area_code: str = "", disease: str = ANY_DISEASE, on: date | None = None) -> int:
    """Minutes a visit there is taken to last: the pack's rule for the kind, then for all kinds, else the model's."""
    default: int = Place._meta.get_field("assumed_stay").default
    pack = policy.pack(disease=disease, area_code=area_code, on=on)
    return int(pack.get(f"{RULE}.{kind.lower()}", pack.get(RULE, default)))


def normal_code(code: str) -> str:
    """A venue code as it is stored: upper case, without spaces around it."""
    return code.strip().upper()


def _parts(values: Iterable) -> Iterable[list]:
    rows = list(dict.fromkeys(values))
    return (rows[start : start + CHUNK] for start in range(0, len(rows), CHUNK))


def ground(place_ids: Iterable[UUID]) -> Ground:
    """What scans of these places' codes are checked against, whoever scans: a door knows no officer."""
    areas = Place.unscoped.filter(pk__in=list(place_ids)).values_list("pk", "area_id")
    zones = Area.objects.filter(kind=Area.Kind.ZONE).values_list("code", "parent_id")
    codes = VenueCode.unscoped.filter(withdrawn_at__isnull=False, valid_until__gt=now() - LONGEST_QUEUE)
    return Ground(
        {pk.bytes: area for pk, area in areas},
        {code: parent or "" for code, parent in zones},
        {code: int(at.timestamp()) for code, at in codes.values_list("digest", "withdrawn_at")},
    )


def coarse_area(code: str) -> str:
    """The county (or zone) of an area, else the area: a phone registered for one village is carried to the next."""
    area = Area.objects.filter(code=code).first()
    while area is not None and area.kind not in (Area.Kind.COUNTY, Area.Kind.ZONE):
        area = area.parent
    return area.code if area else code


def printed_codes(place: Place) -> QuerySet[VenueCode]:
    """The codes printed for a place, the youngest first."""
    return VenueCode.objects.filter(place=place).select_related("created_by").order_by("-created_at")


def code_days(area_code: str = "", on: date | None = None) -> int:
    """How many days a printed code holds: the pack's rule, else the default."""
    pack = policy.pack(disease=ANY_DISEASE, area_code=area_code, on=on)
    return int(pack.get(CODE_RULE, CODE_DAYS))
