"""Public doors are counted: so many knocks of one sender, and of all, in an hour. Nobody's address is kept.

The sender is a keyed fingerprint that changes every day; without the key nobody finds an address from it.
"""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F, Sum

from fangxian.core import cipher, keys
from fangxian.core.clock import now, today
from fangxian.systems.arrivals.models import Knock

HOUR = timedelta(hours=1)
KEPT = timedelta(days=1)


class TooMany(Exception):
    """The door stays shut for the rest of the hour; nothing was done."""


def sender_of(address: str) -> str:
    """The fingerprint of who knocks today."""
    return cipher.blind_index("arrivals.sender", f"{today()} {address}", ring=keys.current())


def knock(door: str, sender: str, *, most: int, most_of_all: int | None = None) -> None:
    """Count one knock; raises `TooMany` when the hour's number is used up."""
    since = _hour(now())
    count = _counted(door, sender, since)
    if count > most:
        raise TooMany
    if most_of_all is not None:
        total = Knock.objects.filter(door=door, since=since).aggregate(total=Sum("count"))["total"] or 0
        if total > most_of_all:
            raise TooMany


def forget() -> int:
    """Drop what is older than a day; returns how many rows went."""
    return Knock.objects.filter(since__lt=now() - KEPT).delete()[0]


def _counted(door: str, sender: str, since: datetime) -> int:
    known = Knock.objects.filter(door=door, sender=sender, since=since)
    if not known.update(count=F("count") + 1):
        try:
            with transaction.atomic():
                Knock.objects.create(door=door, sender=sender, since=since, count=1)
        except IntegrityError:  # another worker was first
            known.update(count=F("count") + 1)
    return known.values_list("count", flat=True).first() or 1


def _hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)
