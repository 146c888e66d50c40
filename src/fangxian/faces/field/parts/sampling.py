"""The sampler's page: the tube in hand, the people who have not been tested yet; no key has to be typed, and no network
is needed."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fangxian.core import scope
from fangxian.core.clock import now
from fangxian.core.officers import Officer
from fangxian.core.permissions import Permission
from fangxian.core.records import Source
from fangxian.faces.field import kinds, pages
from fangxian.faces.field.said import Said
from fangxian.systems.people import selectors as people
from fangxian.systems.testing import coverage, selectors, services
from fangxian.systems.testing.services import Registration

POINTS, PEOPLE = 6, 400
"""Points one sampler may have to choose from; people of a point on the phone. Whoever is not on it shows a code."""
TEXTS = {
    "point": _("Sampling point"), "no_point": _("No round is under way at a sampling point of your posts."),
    "registered": _("Registered here: %(n)s"), "tube": _("Tube"), "no_tube": _("Take a tube first"),
    "scan_tube": _("Scan the tube"), "scan_person": _("Scan a person's code"), "next_tube": _("Next tube: %(code)s"),
    "full": _("The tube is full: take the next one"), "close": _("Close this tube"), "size": _("People to a tube"),
    "size_1": _("Single"), "size_99": _("One household"), "missing": _("Not tested yet"),
    "nobody": _("Everybody on this phone's list has been registered."),
    "more": _("The list is cut: whoever is not on it shows a code or an identity number."),
    "number": _("Enter the number"), "take": _("Take"), "last": _("Just registered"), "back": _("Take back"),
    "scan_how": _("Hold the code into the picture."), "scan_none": _("No number could be read from this code."),
    "no_camera": _("The camera cannot be used here. Enter the number."), "stop": _("Stop"),
    "without_name": _("By identity number"),
    "field_barcode": _("Barcode"), "field_id_number": _("Identity number"),
}  # fmt: skip


def cards(officer: Officer) -> dict[str, Any]:
    """The points of the officer's posts where a round is under way, each with the people it waits for."""
    return {"cards": [_card(point, test_round) for point, test_round in selectors.points_under_way(POINTS)]}


def record(entry: kinds.Entry) -> None:
    """One registration. The entry's id is the sample's: sent twice, it is there once."""
    said = Said(entry.payload)
    size = said.number("size")
    if size not in dict(selectors.TUBE_SIZES):
        raise ValidationError({"size": gettext("This value cannot be read.")})
    barcode = said.text("barcode").upper()[:40]
    if not barcode:
        raise ValidationError({"barcode": gettext("Take a tube first")})
    row = Registration(0, entry.id, _person(said), barcode, size, said.id("point"), min(entry.made_at, now()),
                       device_at=entry.device_at)  # fmt: skip
    services.register_sample(row, by=entry.by, source=Source.FIELD)


def refused(entry: kinds.Entry, error: ValidationError) -> None:
    """What was tried is noted as an accident, although everything the entry wrote was taken back."""
    with scope.of(entry.by, Permission.TESTING_WRITE):
        services.note_refusal(error, by=entry.by, source=Source.FIELD)


def _person(said: Said) -> Any:
    if not said.text("id_number"):
        return said.id("person")
    found = people.find_by_id_number(said.text("id_number"))
    if found is None:
        raise ValidationError({"id_number": gettext("Nobody is known by this number: enter the person first.")})
    return found.pk


def _card(point: Any, test_round: Any) -> dict[str, Any]:
    missing = coverage.waiting_at(test_round, point.area_id, PEOPLE + 1)
    return {
        "id": str(point.pk), "name": point.name, "r": str(test_round.pk), "round": test_round.name,
        "size": test_round.tube_size, "digits": int(test_round.checked_barcodes),
        "n": selectors.registered_at(point, test_round), "more": int(len(missing) > PEOPLE),
        "p": [_resident(row) for row in missing[:PEOPLE]],
    }  # fmt: skip


def _resident(row: Any) -> dict[str, str]:
    home = str(row.person.household_id or "")
    return {"id": str(row.person_id), "n": row.person.name, "a": str(row.area), "h": home}


kinds.register("sample", Permission.TESTING_WRITE, record, refused)
pages.register(
    pages.Page(
        key="sampling", title=_("Sampling"), icon="droplet", order=25, permission=Permission.TESTING_WRITE,
        cards=cards, texts=TEXTS, more=("field/parts/gate/camera.js", "field/parts/sampling.css"),
    )
)  # fmt: skip
