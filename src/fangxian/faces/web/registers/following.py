"""The daily checks behind a record whose person is followed: a tab, missing ones marked, each a link to enter it."""

from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from fangxian.registers import site
from fangxian.systems.quarantine import followed

CHECKS = "quarantine.dailycheck"


def sees(request: HttpRequest) -> bool:
    """Whether the officer may read daily checks at all."""
    return bool(site.get(CHECKS).may(request.user, "read"))


def tab(request: HttpRequest, register, found) -> dict:
    """What the tab shows; without known days, why it is empty."""
    span, checks = found.followed_days(), site.get(CHECKS)
    if span is None or not sees(request):
        return {"days": []}
    with checks.scope(request.user, "read"):
        days = followed.days(found.person_id, *span)
    may_enter = bool(checks.may(request.user, "write", found.area_id))
    shown = [(day, [(slot, _entry_url(found, day, slot) if may_enter else "") for slot in day.slots]) for day in days]
    return {"days": shown, "span": span, "missed": followed.missed(days)}


def _entry_url(found, day: followed.FollowedDay, slot: followed.FollowedSlot) -> str:
    """The form with everything filled in that is known."""
    if slot.state not in ("MISSED", "NOW"):
        return ""
    known = {"area": found.area_id, "person": found.person_id, "day": day.day.isoformat(), "slot": slot.slot}
    return reverse("register_add", args=[CHECKS]) + "?" + urlencode(known)
