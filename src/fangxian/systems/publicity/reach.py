"""How far a message got, counted honestly: officers who took note, texts taken along, views of its page by day.

Whether a text that was taken along was read out or sent is not known here, and nothing claims it.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from fangxian.core import records
from fangxian.core.clock import today
from fangxian.core.records import Source
from fangxian.systems.publicity import selectors
from fangxian.systems.publicity.models import Message, PageViews, Receipt

TAKEN = {"as_broadcast": Receipt.Kind.BROADCAST, "as_sms": Receipt.Kind.SMS}


@dataclass(frozen=True)
class Reach:
    """seen: officers who took note, of `asked` whom it is said to (None: it is not said to officers). taken: how often
    its text was taken along, by way. views: of its own public page, by day, the latest first."""

    seen: int
    asked: int | None
    taken: dict[str, int]
    views: list[tuple[date, int]]

    @property
    def total(self) -> int:
        """Views of all days."""
        return sum(count for _day, count in self.views)


def acknowledge(*, message: Message, by, source: str = Source.WEB) -> Receipt:
    """An officer took note of a message that is said to them; a second time answers with the first.

    Raises ValidationError for a message that is not in force or not said to the officer.
    """
    with transaction.atomic():
        if message.pk not in {one.pk for one in selectors.notices_for(by)}:
            raise ValidationError(_("This message is not said to you, or no longer holds."))
        known = Receipt.unscoped.filter(message=message, officer=by, kind=Receipt.Kind.SEEN).first()
        return known or records.create(
            Receipt, by=by, action="publicity.message.seen", source=source, area=message.area, message=message,
            kind=Receipt.Kind.SEEN, officer=by,
        )  # fmt: skip


def take(*, message: Message, by, channel: str, source: str = Source.WEB) -> Receipt:
    """An officer takes the text along to have it read out or sent. `channel`: `as_broadcast` or `as_sms`."""
    if channel not in TAKEN or not getattr(message, channel):
        raise ValidationError(_("This message does not go out by this way."))
    if not message.is_in_force:
        raise ValidationError(_("Only what is in force is read out or sent."))
    return records.create(
        Receipt, by=by, action="publicity.message.taken", source=source, area=message.area, message=message,
        kind=TAKEN[channel], officer=by,
    )  # fmt: skip


def count_views(pages: Counter[str], day: date | None = None) -> None:
    """Add views of public pages to those of a day (today). Nothing of who asked comes along."""
    on = day or today()
    for page, count in sorted(pages.items()):
        rows = PageViews.objects.filter(page=page, day=on)
        if not rows.update(count=models.F("count") + count):
            try:
                with transaction.atomic():
                    PageViews.objects.create(page=page, day=on, count=count)
            except IntegrityError:  # another worker was first
                rows.update(count=models.F("count") + count)


def views_of(page: str, since: date | None = None) -> list[tuple[date, int]]:
    """Views of a page by day, the latest first."""
    rows = PageViews.objects.filter(page=page).order_by("-day")
    rows = rows.filter(day__gte=since) if since else rows
    return list(rows.values_list("day", "count"))


def reach_of(message: Message) -> Reach:
    """How far a message got until now."""
    receipts = Receipt.unscoped.filter(message=message).order_by()
    counts = dict(receipts.values_list("kind").annotate(n=models.Count("pk")))
    asked = selectors.officers_asked(message)
    taken = {kind: counts.get(kind, 0) for kind in TAKEN.values()}
    return Reach(counts.get(Receipt.Kind.SEEN, 0), asked, taken, views_of(page_of(message)))


def page_of(message: Message) -> str:
    """The name under which views of a message are counted: all its versions have one."""
    return f"message:{message.series}"


def views_by_page(since: date) -> dict[str, int]:
    """Views of every page since a day."""
    rows = PageViews.objects.filter(day__gte=since).order_by().values_list("page")
    return dict(rows.annotate(n=Sum("count")))
