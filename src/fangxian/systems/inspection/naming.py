"""Naming the four parties of a place: locality, department, unit, individual.

A place is a row of whatever register it stands in; the pack says of which kinds (`inspection.duties`). Whoever names
the parties by area and name, on a form or in a sheet, names those of that row: one name, one place.
"""

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from fangxian.core import records
from fangxian.core.areas import Area
from fangxian.core.officers import Officer
from fangxian.core.records import Source
from fangxian.registers import site
from fangxian.systems.inspection import rules, selectors
from fangxian.systems.inspection.models import FourParties
from fangxian.systems.inspection.words import Duty


def name_parties(
    *, by: Officer | None, area: Area, where: str, duty: str = Duty.EPIDEMIC, about: tuple[str, UUID] | None = None,
    source: str = Source.WEB, **parties: Any,
) -> FourParties:  # fmt: skip
    """Say who answers at a place for a duty; named again, the stored row changes and its history keeps who it was.

    Without `about` the place is found by its area and name; raises ValidationError where it is not exactly one.
    """
    kind, pk = about or place_named(area, where)
    subject = {"subject_kind": kind, "subject_id": pk}
    with transaction.atomic():
        known = FourParties.objects.select_for_update(of=("self",)).filter(area=area, where=where, duty=duty).first()
        if known is not None:
            return records.change(known, by=by, action="inspection.parties.named_anew", **parties, **subject)
        return records.create(
            FourParties, by=by, action="inspection.parties.named", source=source, area=area, where=where, duty=duty,
            **subject, **parties,
        )  # fmt: skip


def change_parties(
    *, parties: FourParties, by: Officer | None, base_version: int | None = None, **values: Any
) -> FourParties:
    """Correct a row; with another area or name, or none found yet, its place is found anew."""
    moved = {name for name in ("area", "where") if name in values and values[name] != getattr(parties, name)}
    if moved or parties.subject_id is None:
        place = place_named(values.get("area", parties.area), values.get("where", parties.where))
        values |= dict(zip(("subject_kind", "subject_id"), place, strict=True))
    return records.change(
        parties, by=by, action="inspection.parties.named_anew", base_version=base_version, **values
    )  # fmt: skip


def place_named(area: Area, where: str) -> tuple[str, UUID]:
    """The register and row of the one place of this name in an area, inside the scope in force.

    Raises ValidationError for none, and for several; a house and the place that follows it are one.
    """
    ledgers = selectors.by_register(rules.kinds_with_duties(rules.pack_of(area.code)))
    found = [(slug, row) for slug in ledgers for row in selectors.standing(slug).filter(area=area, name=where.strip())]
    found = [(slug, row) for slug, row in found if not getattr(row, "kept_in", "")] or found
    if len(found) == 1:
        return found[0][0], found[0][1].pk
    said = {"where": where, "area": area.name}
    if not found:
        raise ValidationError({"where": _("No place of a ledger in %(area)s is called %(where)s.") % said})
    said["ledgers"] = "、".join(str(site.get(slug).model._meta.verbose_name) for slug, _row in found)
    raise ValidationError({"where": _(
        "%(where)s is the name of several places in %(area)s (%(ledgers)s): name the parties on the place's own page."
    ) % said})  # fmt: skip
