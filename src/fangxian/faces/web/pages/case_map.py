"""Where it happened: places of visits as points, homes only by village or township, outlines without tiles."""

from collections import Counter, defaultdict
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from fangxian.core import reference
from fangxian.core.areas import Area, county_of
from fangxian.faces.web.pages.figures import readable
from fangxian.registers import site
from fangxian.systems.cases import selectors as cases
from fangxian.systems.screening import selectors as screening

PLACES = "screening.place"
VILLAGE, TOWNSHIP = 12, 9  # digits of their codes


def features(officer, case) -> dict:
    """A FeatureCollection for map.js: the county's outline, places with how many contacts were met there, villages."""
    contacts = [row for row in cases.contacts_of(case) if row.status == "ACTIVE"]
    found = [*_outline(case), *_places(officer, case, contacts), *_villages(contacts)]
    return {"type": "FeatureCollection", "features": found}


def _outline(case) -> list[dict]:
    county = county_of(case.area_id)
    code = county.code if county else case.area_id[:6]
    shapes = [shape for shape in reference.boundaries()["features"] if shape["properties"]["code"] == code]
    return [{**shape, "properties": {"name": str(county or code)}} for shape in shapes]


def _places(officer, case, contacts: list) -> list[dict]:
    met: dict[UUID, set] = defaultdict(set)
    for contact in contacts:
        for piece in contact.evidence:
            if piece.get("place_id"):
                met[UUID(piece["place_id"])].add(contact.pk)
    told = {moment.place_id for moment in cases.exposures_of(case) if moment.place_id}
    if not readable(officer, PLACES):
        return []
    with site.get(PLACES).scope(officer, "read"):
        known = screening.by_ids({*met, *told})
    return [_place(place, len(met[place.pk])) for place in known.values() if place.latitude and place.longitude]


def _place(place, people: int) -> dict:
    note = _("Contacts met here: %(n)s") % {"n": people}
    url = reverse("register_record", args=[PLACES, place.pk])
    tone = "danger" if people >= 5 else "warning"
    return _point(place.longitude, place.latitude, str(place), note, tone, 6 + min(people, 20) ** 0.5 * 2, url)


def _villages(contacts: list) -> list[dict]:
    """Homes, counted by village, or by township where the village has no coordinates; never a point finer than that."""
    finest = {contact.area_id[:VILLAGE] for contact in contacts}
    wanted = finest | {code[:TOWNSHIP] for code in finest}
    located = Area.objects.filter(code__in=wanted, latitude__isnull=False, longitude__isnull=False).in_bulk()
    homes = Counter(_located(contact.area_id, located) for contact in contacts)
    return [
        _point(area.longitude, area.latitude, str(area), _("Contacts living here: %(n)s") % {"n": homes[code]}, "info",
               5 + min(homes[code], 60) ** 0.5)
        for code, area in located.items()
        if homes[code]
    ]  # fmt: skip


def _located(code: str, located: dict) -> str:
    """The village, or else the township, that can be drawn."""
    return next((part for part in (code[:VILLAGE], code[:TOWNSHIP]) if part in located), "")


def _point(longitude: float, latitude: float, name: str, note: str, tone: str, radius: float, url: str = "") -> dict:
    shown = {"name": name, "note": note, "tone": tone, "radius": round(radius, 1), **({"url": url} if url else {})}
    return {"type": "Feature", "geometry": {"type": "Point", "coordinates": [longitude, latitude]}, "properties": shown}
