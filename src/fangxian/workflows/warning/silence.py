"""Feeds, pharmacies, fever clinics and monitoring points that say nothing: silence is not zero, and a card says so
before a curve looks healthy."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from django.utils import timezone

from fangxian.core.areas import Area
from fangxian.core.officers import Officer
from fangxian.systems.surveillance import rules, selectors, services
from fangxian.systems.surveillance.models import Feed
from fangxian.systems.surveillance.services import Found
from fangxian.systems.surveillance.words import FeedChannel, FeedStep, SignalKind, SignalMethod
from fangxian.warehouse.panels import COUNTY, TOWNSHIP, subject_of
from fangxian.warehouse.speaking import Silent, clinic_silence, medicine_silence, point_silence

DAY = timedelta(days=1)
SUBJECTS = {
    FeedChannel.PHARMACY: "s:respiratory", FeedChannel.FEVER_CLINIC: "s:respiratory",
    FeedChannel.ENVIRONMENT: "s:enteric",
}  # fmt: skip
RULES = {FeedChannel.FEVER_CLINIC: "warning.speaks"}
"""What the pack calls the rule of those nobody asks to say "none"; it tells their card from the pharmacies'."""


def silent(area_code: str, as_of: date) -> list[Found]:
    """Everyone of an area who reports and has been silent for the pack's time: feeds each, the others by township."""
    pack = rules.pack_of(area_code, as_of)
    allowed = rules.silent_after(pack, FeedStep.DAY)
    return [
        *_feeds(area_code, as_of),
        *_by_township(FeedChannel.PHARMACY, medicine_silence(area_code, as_of, allowed), as_of),
        *_by_township(FeedChannel.FEVER_CLINIC, clinic_silence(area_code, as_of, allowed, pack), as_of),
        *_by_township(FeedChannel.ENVIRONMENT, point_silence(area_code, as_of, allowed), as_of),
    ]


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


def _by_township(channel: str, quiet: list[Silent], as_of: date) -> list[Found]:
    """One card a township; who is silent stands on it by name, and the longest silence is the card's."""
    by_town: dict[str, list[Silent]] = defaultdict(list)
    for one in quiet:
        by_town[one.area_code[:TOWNSHIP]].append(one)
    areas = Area.objects.in_bulk(list(by_town))
    return [
        replace(
            _silence(areas[code], channel, SUBJECTS[channel], min(one.since for one in silent) - DAY, as_of),
            rule=RULES.get(channel, ""), others=[{"name": name} for name in sorted(one.name for one in silent)],
        )
        for code, silent in sorted(by_town.items())
        if code in areas
    ]  # fmt: skip


def _silence(area: Area, channel: str, subject: str, said: date, as_of: date, feed: Feed | None = None) -> Found:
    return Found(
        area=area, kind=SignalKind.SILENCE, method=SignalMethod.SILENT, channel=channel, disease=subject,
        first_on=said + DAY, observed=float((as_of - said).days), where=feed.name if feed else "",
        subject_id=feed.pk if feed else None,
    )  # fmt: skip


def spoke_again(code: str, silences: Iterable[Found], as_of: date, by: Officer | None) -> int:
    """Cards of feeds that are not silent any more end by themselves."""
    still = {one.key for one in silences}
    over = [row for row in selectors.open_silences(code) if services.key_of(row) not in still]
    seen = [row for row in over if row.last_on <= as_of]  # an earlier day run again knows nothing of a later one
    own = [row for row in seen if len(code) >= COUNTY or row.area_id == code]
    return services.end_signals(signals=own, by=by)
