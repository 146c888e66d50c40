"""The verbs of opening reserve rooms in steps, and of handing a shift over."""

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from fangxian.core import records
from fangxian.core.areas import Area
from fangxian.core.clock import now, today
from fangxian.core.officers import Officer
from fangxian.core.records import Source
from fangxian.systems.quarantine import announcements, rules, selectors
from fangxian.systems.quarantine.models import Opening, OpeningShare, ShiftHandOver, Site

RULE = "capacity.activation"


def order_opening(
    *, by: Officer | None, area: Area, name: str, rooms: int, ordered_at: datetime | None = None,
    source: str = Source.WEB, **values: Any,
) -> Opening:  # fmt: skip
    """Order reserve rooms to be opened; the sites of the area share them by the rooms each has left."""
    at = ordered_at or now()
    with transaction.atomic():
        opening = records.create(
            Opening, by=by, action="quarantine.opening.ordered", source=source, area=area, name=name, rooms=rooms,
            ordered_at=at, rule=RULE, pack=rules.in_force(area_code=area.pk).version, **_due(at, area), **values,
        )  # fmt: skip
        shares = [
            OpeningShare(area=site.area, opening=opening, site=site, rooms=count)
            for site, count in _shared(area, rooms)
            if count
        ]
        records.create_many(OpeningShare, shares, by=by, action="quarantine.opening.shared", source=source)
    return opening


def confirm_opening(*, share: OpeningShare, by: Officer, rooms: int) -> OpeningShare:
    """The head of a site says how many of its rooms are open now; each word is kept with its time."""
    if rooms > share.rooms:
        raise ValidationError({"rooms": _("The site was to open %(rooms)s rooms.") % {"rooms": share.rooms}})
    if rooms < share.confirmed:
        raise ValidationError({"rooms": _("More rooms were confirmed before: say what happened in a finding.")})
    said = [*share.steps, {"at": now().isoformat(), "rooms": rooms, "by": str(by)}]
    with transaction.atomic():
        done = records.change(
            share, by=by, action="quarantine.opening.confirmed", confirmed=rooms, confirmed_at=now(), confirmed_by=by,
            steps=said,
        )  # fmt: skip
        announcements.freed([share.area_id])
    return done


def end_opening(*, opening: Opening, by: Officer) -> Opening:
    """The order is over."""
    return records.change(opening, by=by, action="quarantine.opening.ended", ended_on=today())


def hand_over(*, site: Site, by: Officer, notes: str = "", figures: dict[str, Any]) -> ShiftHandOver:
    """One shift ends: its figures are kept as they were."""
    return records.create(
        ShiftHandOver, by=by, action="quarantine.shift.handed_over", area=site.area, site=site, handed_at=now(),
        handed_by=by, notes=notes, figures=figures,
    )  # fmt: skip


def take_over(*, sheet: ShiftHandOver, by: Officer) -> ShiftHandOver:
    """The next shift has read it."""
    if sheet.taken_by_id:
        raise ValidationError({"taken_by": _("This shift has been taken over already.")})
    if sheet.handed_by_id == by.pk:
        raise ValidationError({"taken_by": _("Somebody of the next shift takes over.")})
    return records.change(sheet, by=by, action="quarantine.shift.taken_over", taken_by=by, taken_at=now())


def _due(at: datetime, area: Area) -> dict[str, datetime]:
    hours = rules.opening_hours(area_code=area.pk)
    return {f"{part}_due_at": at + timedelta(hours=hours[f"{part}_hours"]) for part in ("third", "half", "all")}


def _shared(area: Area, rooms: int) -> list[tuple[Site, int]]:
    """Rooms to open by site, in proportion to the guest rooms each has; what rounding leaves goes to the largest."""
    sites = sorted(selectors.occupancy(area.pk).sites, key=lambda one: (-one.rooms, one.site.name))
    total = sum(one.rooms for one in sites)
    if not total:
        raise ValidationError({"rooms": _("There is no site with rooms in this area yet.")})
    if rooms > total:
        raise ValidationError({"rooms": _("The sites of the area have %(total)s rooms together.") % {"total": total}})
    shares = [rooms * one.rooms // total for one in sites]
    for index in range(rooms - sum(shares)):
        shares[index] += 1
    return [(one.site, count) for one, count in zip(sites, shares, strict=True)]
