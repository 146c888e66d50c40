"""Printing venue codes: issued for a place and a time, remembered, renewed, withdrawn; each act in the audit."""

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fangxian.core import audit, keys
from fangxian.core.clock import now
from fangxian.core.officers import Officer
from fangxian.core.scope import check_write
from fangxian.systems.screening import codes
from fangxian.systems.screening.models import Place, VenueCode

MOST_AT_ONCE = 500
LONGEST_DAYS = 366


class Sheet(NamedTuple):
    """What is printed: the place, its code as text, and the record of it."""

    place: Place
    text: str
    code: VenueCode


def print_codes(*, places: Iterable[Place], by: Officer, valid_from: date, valid_until: date) -> list[Sheet]:
    """Codes for places from the first day to the last, both included; each printing is in the place's history."""
    rows = list(places)
    _check(rows, valid_from, valid_until)
    begin, end = _midnight(valid_from), _midnight(date.fromordinal(valid_until.toordinal() + 1))
    with transaction.atomic():
        return [_sheet(place, by, begin, end) for place in rows]


def withdraw_others(*, place: Place, by: Officer, but: VenueCode | None = None) -> int:
    """From now on no code of the place counts but this one; how many were still good."""
    check_write(place)
    still = VenueCode.unscoped.filter(place=place, withdrawn_at__isnull=True, valid_until__gt=now())
    still = still.exclude(pk=but.pk) if but else still
    with audit.act("screening.place.codes_withdrawn", by=by, area=place.area, target=place) as detail:
        detail["codes"] = sorted(still.values_list("digest", flat=True))
        return still.update(withdrawn_at=now(), changed_at=now(), changed_by=by)


def _check(places: list[Place], first: date, last: date) -> None:
    if len(places) > MOST_AT_ONCE:
        raise ValidationError(_("At most %(most)s codes are printed at once.") % {"most": MOST_AT_ONCE})
    if not 0 <= (last - first).days < LONGEST_DAYS:
        raise ValidationError({"valid_until": _("A code holds for a day at least and a year at most.")})
    for place in places:
        check_write(place)
        if place.closed_on and place.closed_on <= first:
            raise ValidationError(_("%(place)s is closed.") % {"place": place})


def _sheet(place: Place, by: Officer, begin: datetime, end: datetime) -> Sheet:
    text = codes.issue(place.pk, valid_from=int(begin.timestamp()), valid_until=int(end.timestamp()))
    written = {"valid_from": begin, "valid_until": end, "key_id": keys.current().venue_current.id, "area": place.area}
    # the same days and key give the same text: printed again, it is still one code
    code, _new = VenueCode.unscoped.get_or_create(
        digest=codes.digest(text), defaults={**written, "place": place, "created_by": by, "changed_by": by}
    )
    if code.withdrawn_at is not None:
        raise ValidationError(_("The code for these days was withdrawn: choose another first or last day."))
    detail = {"code": code.digest, "key": code.key_id, "until": end.isoformat()}
    audit.write("screening.place.code_printed", by=by, area=place.area, target=place, detail=detail)
    return Sheet(place, text, code)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, timezone.get_current_timezone())
