"""Who among the guests was exposed to an infected one, how, until when they stay now. Pure but for the rules.

The pack names the ways that count (`restart.exposed`): the same room, the same wing with its air and corridor, the
same floor, the whole site. The days begin anew on the last day of exposure and last as long as a close contact's.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.utils import timezone

from fangxian.core.policy import Pack
from fangxian.systems.quarantine.models import ClockRestart, Room, Stay
from fangxian.systems.quarantine.services import Restart

RULE, WINDOW, DAYS = "restart.exposed", "restart.window_days", "contact.close.isolation"
Via = ClockRestart.Via


def window(sampled_at: datetime, pack: Pack) -> datetime:
    """From when an infected guest counts as infectious: whole days before the positive sample."""
    return sampled_at - timedelta(days=int(pack.number(WINDOW)))


def restarts(infected: Stay, others: Iterable[Stay], pack: Pack, *, today: date) -> list[Restart]:
    """The restarts an infected guest's stay asks for, one for each stay that is exposed and still open.

    `others` shared the site since the window began. Somebody who came when the infected one had left is not exposed.
    """
    left = timezone.localdate(infected.released_at) if infected.released_at else today
    central = pack.stages(DAYS)[0].days
    found = []
    for stay in others:
        via = way(infected.room, stay.room, pack)
        if via is None or stay.state not in Stay.OPEN:
            continue
        until = left + timedelta(days=central - 1)
        found.append(Restart(stay, infected.person, via, left, until, f"{RULE}; {DAYS}", pack.version))
    return found


def way(infected: Room, other: Room, pack: Pack) -> str | None:
    """The nearest way of exposure between two rooms that the pack counts; None when there is none."""
    shared = {
        Via.ROOM: infected.pk == other.pk,
        Via.FLOW: bool(infected.flow) and infected.flow == other.flow,
        Via.FLOOR: bool(infected.storey) and infected.storey == other.storey,
        Via.SITE: infected.site_id == other.site_id,
    }
    counted = pack.items(RULE)
    return next((via for via, is_so in shared.items() if is_so and via in counted), None)
