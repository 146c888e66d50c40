"""Trips begun against advice that was published: told from what travellers declared, so that somebody talks to them.

It restricts nobody: what follows from a stay is the arrival's plan, and this list only says that the advice was known.
"""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from fangxian.systems.arrivals import selectors as arrivals
from fangxian.systems.arrivals.models import Arrival
from fangxian.systems.publicity.models import Message
from fangxian.workflows.publicity.deriving import STAY_AWAY

MOST = 200


@dataclass(frozen=True)
class Trip:
    """An arrival from where the advice said to stay away from, begun after it was published."""

    arrival: Arrival
    place: str
    left_on: date


def against(message: Message) -> list[Trip]:
    """Trips of the area inside the scope in force, the latest first; at most `MOST` arrivals are looked at.

    A trip counts when its stay began after the day the advice was published and lies in a place the snapshot says to
    stay away from. A stay told only roughly (a shorter code than the place's) is not held against anybody.
    """
    told = [code for group in message.basis.get("groups", []) if group["advice"] == STAY_AWAY
            for zone in group["zones"] for code in zone["codes"]]  # fmt: skip
    if not told or message.published_at is None:
        return []
    since = timezone.localdate(message.published_at)
    rows = arrivals.in_area(message.area_id).filter(arrived_on__gte=since).order_by("-arrived_on", "pk")
    found = {row.pk: row for row in rows.select_related("person", "area")[:MOST]}
    stays = arrivals.stays_of(found)
    return [
        Trip(found[pk], stay.named or stay.code, stay.from_on)
        for pk, those in stays.items()
        for stay in those
        if stay.from_on > since and any(stay.code.startswith(code) for code in told)
    ]
