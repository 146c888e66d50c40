"""From the systems' own rows to the panels early warning reads: by channel, subject, area and day.

A fact is entered once. Cases are counted where cases are kept, by the day they became known (onset comes later, with
the nowcast); fever patients by the day they were seen; medicine by what pharmacies said, a silent one taken
to have sold its usual share; sewage by positive points; and what is entered or imported as a feed by figures.
Every series is there for each township and, added up, for its county. Two or three queries a channel.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import numpy as np
from django.db.models import Count
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from fangxian.core import diseases
from fangxian.core.areas import code_range
from fangxian.core.policy import Pack
from fangxian.engines.surveillance import Panel, Step
from fangxian.systems.cases import selectors as cases
from fangxian.systems.cases.models import Case
from fangxian.systems.environment import selectors as environment
from fangxian.systems.medical.models import FeverVisit
from fangxian.systems.pharmacies import signal as pharmacies
from fangxian.systems.pharmacies.models import Pharmacy
from fangxian.systems.surveillance import selectors as surveillance
from fangxian.systems.surveillance.models import Feed
from fangxian.systems.surveillance.words import FeedChannel, FeedStep

TOWNSHIP, COUNTY = 9, 6
"""Digits of the areas counts are added up to."""
UNKNOWN = float("nan")
LATELY = timedelta(days=200)
"""How far back tills and monitoring points are asked one by one: what the daily methods see, and no more."""

Cells = dict[tuple[str, str], dict[date, float]]
"""(area, subject) → day → count; NaN for a day nobody reported."""
Parts = dict[tuple[str, str, str], dict[date, float]]
"""(who reports, area, subject) → day → count; NaN for a day they said nothing of."""
SMALL = 0.01
"""So that whoever usually has nothing still counts as somebody."""


@dataclass(frozen=True)
class Channelled:
    """The series of one channel.

    channel  a FeedChannel
    panel    townships and counties; the subject (disease or syndrome) stands where a panel has its disease
    """

    channel: str
    panel: Panel


@dataclass(frozen=True)
class Monthly:
    """A feed of months: the begin of each month and its count, NaN where nothing was said; T long each."""

    feed: Feed
    begins: list[date]
    counts: np.ndarray


def channels(area_code: str, first: date, last: date, pack: Pack) -> list[Channelled]:
    """Every channel that has anything to say of an area from a day until a day, inside the scope in force."""
    made: dict[str, Cells] = {
        FeedChannel.CASES: _cases(area_code, first, last),
        FeedChannel.FEVER_CLINIC: _fever(area_code, first, last),
        FeedChannel.PHARMACY: _sales(area_code, max(first, last - LATELY), last, pack),
        FeedChannel.ENVIRONMENT: _sewage(area_code, max(first, last - LATELY), last),
    }
    for channel, cells in _daily_feeds(area_code, first, last, pack).items():
        made[channel] = _merged(made.get(channel, {}), cells)
    return [Channelled(str(channel), _panel(cells, first, last)) for channel, cells in made.items() if cells]


def weekly_feeds(area_code: str, last: date) -> list[tuple[Feed, Panel]]:
    """Feeds of weeks that are over by a day, each a panel of its own from its first figure on."""
    feeds = [feed for feed in surveillance.feeds(area_code) if feed.step == FeedStep.WEEK]
    said = surveillance.figures([feed.pk for feed in feeds], date.min, last - timedelta(days=6))
    return [(feed, _weeks(feed, said[feed.pk])) for feed in feeds if said.get(feed.pk)]


def monthly_feeds(area_code: str, last: date) -> list[Monthly]:
    """Feeds of months that are over by a day."""
    feeds = [feed for feed in surveillance.feeds(area_code) if feed.step == FeedStep.MONTH]
    newest = (last + timedelta(days=1)).replace(day=1) - timedelta(days=1)
    said = surveillance.figures([feed.pk for feed in feeds], date.min, newest)
    return [_months(feed, said[feed.pk]) for feed in feeds if said.get(feed.pk)]


def onsets(area_code: str, disease: str, first: date, last: date) -> list[tuple[date, date]]:
    """Day of onset and day it became known of each case of a disease with both known; the nowcast's triangle."""
    known = TruncDate(Coalesce("positive_at", "reported_at", "created_at"))
    rows = cases.cases_in(area_code, disease).order_by().annotate(known=known)
    rows = rows.filter(onset_on__range=(first, last), known__lte=last)
    return [(onset, max(onset, day)) for onset, day in rows.values_list("onset_on", "known")]


def medicine_silence(area_code: str, first: date, last: date) -> dict[str, tuple[str, str]]:
    """Pharmacies that have to report and said nothing on any of the days: id → name and area."""
    quiet, spoke = {}, set()
    for row in pharmacies.daily(area_code, first, last):
        if row.quantity is None:
            quiet[row.pharmacy_id] = row.area_code
        else:
            spoke.add(row.pharmacy_id)
    names = {house.pk: house.name for house in Pharmacy.objects.filter(pk__in=quiet.keys() - spoke)}
    return {str(key): (names[key], quiet[key]) for key in sorted(names, key=str)}


def _cases(area_code: str, first: date, last: date) -> Cells:
    """Cases that count by the day they became known, each for its disease; a syndrome hears its diseases later."""
    cells: Cells = defaultdict(lambda: defaultdict(float))
    for row in cases.known_by_day(first, last, area_code):
        if row.classification != Case.Classification.NO_CASE:
            _count(cells, row.area_code, row.disease, row.day, row.count)
    return cells


def _fever(area_code: str, first: date, last: date) -> Cells:
    """Fever patients by the day they were seen; the syndrome is respiratory."""
    low, high = code_range(area_code)
    rows = FeverVisit.objects.filter(
        area_id__gte=low, area_id__lt=high, is_fever=True,
        visited_at__gte=_midnight(first), visited_at__lt=_midnight(last + timedelta(days=1)),
    )  # fmt: skip
    cells: Cells = defaultdict(lambda: defaultdict(float))
    told = rows.order_by().annotate(day=TruncDate("visited_at")).values_list("area_id", "day")
    for area, day, number in told.annotate(number=Count("pk")):
        _count(cells, area, "s:respiratory", day, number)
    return cells


def _sales(area_code: str, first: date, last: date, pack: Pack) -> Cells:
    """Packages sold of the classes the pack names, pharmacy by pharmacy."""
    wanted = set(pack.items("warning.medicine"))
    parts: Parts = {}
    for row in pharmacies.daily(area_code, first, last):
        if row.drug in wanted:
            days = parts.setdefault((str(row.pharmacy_id), row.area_code, "s:respiratory"), {})
            said = UNKNOWN if row.quantity is None else float(row.quantity)
            days[row.day] = days.get(row.day, 0.0) + said
    return _whole(parts)


def _sewage(area_code: str, first: date, last: date) -> Cells:
    """Positive monitoring points a day; a day without any sample is unknown."""
    cells: Cells = defaultdict(lambda: defaultdict(float))
    for point in environment.feed(first, last, area_code=area_code):
        for day, state in point.days.items():
            if state in ("POSITIVE", "NEGATIVE"):
                _count(cells, point.point.area_id, "s:enteric", day, float(state == "POSITIVE"))
    return cells


def _daily_feeds(area_code: str, first: date, last: date, pack: Pack) -> dict[str, Cells]:
    """Feeds of days by channel. Until its first figure a feed is not there; after it, a day without one is unknown."""
    feeds = [feed for feed in surveillance.feeds(area_code) if feed.step == FeedStep.DAY]
    said = surveillance.figures([feed.pk for feed in feeds], first, last)
    parts: dict[str, Parts] = defaultdict(dict)
    for feed in feeds:
        figures = said.get(feed.pk, {})
        if figures:
            days = _days(min(figures), last)
            key = (str(feed.pk), feed.area_id, subject_of(feed, pack))
            parts[feed.channel][key] = {day: float(figures.get(day, UNKNOWN)) for day in days}
    return {channel: _whole(found) for channel, found in parts.items()}


def subject_of(feed: Feed, pack: Pack) -> str:
    """What a feed is about: its disease, else the syndrome its channel belongs to."""
    if feed.disease:
        return feed.disease
    for syndrome in pack.items("warning.syndromes"):
        if feed.channel in str(syndrome["channels"]).split():
            return str(syndrome["key"])
    return "s:other"


def syndrome_of(disease: str, pack: Pack) -> str:
    """The syndrome a disease belongs to by its way of transmission; "" for none."""
    if disease not in diseases.KEYS:
        return ""
    ways = diseases.get(disease).transmission.split("/")
    return next((str(one["key"]) for one in pack.items("warning.syndromes") if one["transmission"] in ways), "")


def _count(cells: Cells, area: str, subject: str, day: date, number: float) -> None:
    for code in _levels(area):
        cells[code, subject][day] += number


def _levels(area: str) -> list[str]:
    """The areas a count is added up to: township and county; an area above a county counts for itself only."""
    return [area[:length] for length in (TOWNSHIP, COUNTY) if len(area) >= length] or [area]


def _whole(parts: Parts) -> Cells:
    """Sums over those who report. Who is silent on a day is taken to have had their usual share of that day's sum, as
    long as those who spoke usually have half of it or more; else the day is unknown."""
    there: dict[tuple[str, str], list[dict[date, float]]] = defaultdict(list)
    for (_who, area, subject), days in parts.items():
        for code in _levels(area):
            there[code, subject].append(days)
    return {key: _summed(found) for key, found in there.items()}


def _summed(parts: list[dict[date, float]]) -> dict[date, float]:
    """One series out of those of everybody who reports."""
    usual = [float(np.nanmean([*part.values(), 0.0])) + SMALL for part in parts]
    made = {}
    for day in {day for part in parts for day in part}:
        here = [(part[day], share) for part, share in zip(parts, usual, strict=True) if day in part]
        spoke = [(number, share) for number, share in here if number == number]
        known, whole = sum(share for _, share in spoke), sum(share for _, share in here)
        made[day] = round(sum(number for number, _ in spoke) * whole / known) if 2 * known >= whole else UNKNOWN
    return made


def _merged(known: Cells, more: Cells) -> Cells:
    """Both added up, cell by cell; a day only one of them knows is that one's."""
    merged = {key: dict(days) for key, days in known.items()}
    for key, days in more.items():
        into = merged.setdefault(key, {})
        for day, number in days.items():
            into[day] = into.get(day, 0.0) + number
    return merged


def _panel(cells: Cells, first: date, last: date) -> Panel:
    """A daily panel. Before its channel's first word everything is unknown; after it a day without rows is a zero."""
    series, days = sorted(cells), _days(first, last)
    begin = max(first, min((day for found in cells.values() for day in found), default=first))
    counts = np.zeros((len(series), len(days)))
    counts[:, : (begin - first).days] = UNKNOWN
    for number, key in enumerate(series):
        for day, count in cells[key].items():
            if first <= day <= last:
                counts[number, (day - first).days] = count
    begins = np.array(days, dtype="datetime64[D]")
    return Panel(tuple(area for area, _ in series), tuple(subject for _, subject in series), begins, counts)


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def _weeks(feed: Feed, figures: dict[date, int]) -> Panel:
    """A weekly panel of one feed, on the weekday its figures begin on."""
    first, last = min(figures), max(figures)
    begins = [first + timedelta(days=7 * number) for number in range((last - first).days // 7 + 1)]
    counts = np.array([[figures.get(day, UNKNOWN) for day in begins]], dtype=np.float64)
    return Panel((feed.area_id,), (feed.disease,), np.array(begins, dtype="datetime64[D]"), counts, step=Step.WEEK)


def _months(feed: Feed, figures: dict[date, int]) -> Monthly:
    begins, day = [], min(figures).replace(day=1)
    by_month = {one.replace(day=1): number for one, number in figures.items()}
    while day <= max(by_month):
        begins.append(day)
        day = (day + timedelta(days=32)).replace(day=1)
    return Monthly(feed, begins, np.array([by_month.get(one, UNKNOWN) for one in begins], dtype=np.float64))


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
