"""Feeds that say nothing: silence is not zero, and a card says so before a curve looks healthy."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta

from django.utils import timezone

from fangxian.core.areas import Area
from fangxian.core.officers import Officer
from fangxian.systems.surveillance import rules, selectors, services
from fangxian.systems.surveillance.models import Feed
from fangxian.systems.surveillance.services import Found
from fangxian.systems.surveillance.words import FeedChannel, FeedStep, SignalKind, SignalMethod
from fangxian.warehouse.panels import COUNTY, medicine_silence, subject_of

TOWNSHIP = 9


def silent(area_code: str, as_of: date) -> list[Found]:
    """Every feed, and every pharmacy that has to report, that has been silent for the pack's time, in an area."""
    return [*_feeds(area_code, as_of), *_pharmacies(area_code, as_of)]


def _feeds(area_code: str, as_of: date) -> list[Found]:
    feeds = selectors.feeds(area_code)
    last = selectors.spoke_last([feed.pk for feed in feeds], as_of)
    found = []
    for feed in feeds:
        pack = rules.pack_of(feed.area_id, as_of)
        said = _until(feed, last.get(feed.pk))
        allowed = timedelta(days=feed.silent_days) if feed.silent_days else rules.silent_after(pack, feed.step)
        if as_of - said > allowed:
            found.append(_silence(feed.area, feed.channel, subject_of(feed, pack), said, as_of, feed))
    return found


def _until(feed: Feed, last: date | None) -> date:
    """The last day the feed has said anything about; before its first word, the day it was entered."""
    if last is None:
        return timezone.localdate(feed.created_at)
    if feed.step == FeedStep.MONTH:
        return (last + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return last + timedelta(days=6 if feed.step == FeedStep.WEEK else 0)


def _pharmacies(area_code: str, as_of: date) -> list[Found]:
    """One card a township; the pharmacies stand on it by name."""
    days = rules.silent_after(rules.pack_of(area_code, as_of), FeedStep.DAY)
    quiet = medicine_silence(area_code, as_of - days, as_of)
    by_town: dict[str, list[str]] = defaultdict(list)
    for name, code in quiet.values():
        by_town[code[:TOWNSHIP]].append(name)
    areas = Area.objects.in_bulk(list(by_town))
    return [
        _silence(
            areas[code], FeedChannel.PHARMACY, "s:respiratory", as_of - days - timedelta(days=1), as_of, None, names
        )
        for code, names in sorted(by_town.items())
        if code in areas
    ]


def _silence(
    area: Area, channel: str, subject: str, said: date, as_of: date, feed: Feed | None, names: list[str] | None = None
) -> Found:
    return Found(
        area=area, kind=SignalKind.SILENCE, method=SignalMethod.SILENT, channel=channel, disease=subject,
        first_on=said + timedelta(days=1), observed=float((as_of - said).days), where=feed.name if feed else "",
        subject_id=feed.pk if feed else None, others=[{"name": name} for name in sorted(names or [])],
    )  # fmt: skip


def spoke_again(code: str, silences: Iterable[Found], as_of: date, by: Officer | None) -> int:
    """Cards of feeds that are not silent any more end by themselves."""
    still = {one.key for one in silences}
    over = [row for row in selectors.open_silences(code) if services.key_of(row) not in still]
    seen = [row for row in over if row.last_on <= as_of]  # an earlier day run again knows nothing of a later one
    own = [row for row in seen if len(code) >= COUNTY or row.area_id == code]
    return services.end_signals(signals=own, by=by)
