"""From the systems' own rows to the panels early warning reads: by channel, subject, area and day.

A fact is entered once. Cases are counted where cases are kept, by the day they became known (onset comes later, with
the nowcast); fever patients by the day they were seen; medicine by what pharmacies said; sewage by positive points; and
what is entered or imported as a feed by figures, in proportion to the usual number they are out of. A day without cases
is a day without cases; of all others whoever is silent has not counted zero (`counting.py`, `speaking.py`).
Every series is there for each township and, added up, for its county, in today's boundaries (`boundaries.py`), and
without the times no baseline should learn from. Two or three queries a channel.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from django.db.models.functions import Coalesce, TruncDate

from fangxian.core import diseases
from fangxian.core.policy import Pack
from fangxian.engines.surveillance import Panel, Step
from fangxian.engines.surveillance.historical import historical_limits
from fangxian.systems.cases import selectors as cases
from fangxian.systems.cases.models import Case
from fangxian.systems.environment import selectors as environment
from fangxian.systems.pharmacies import signal as pharmacies
from fangxian.systems.surveillance import rules
from fangxian.systems.surveillance import selectors as surveillance
from fangxian.systems.surveillance.models import Feed
from fangxian.systems.surveillance.selectors import Figure
from fangxian.systems.surveillance.words import FeedChannel, FeedStep
from fangxian.warehouse.boundaries import COUNTY, TOWNSHIP, Boundaries, boundaries
from fangxian.warehouse.counting import UNKNOWN, Cell, Cells, Days, Parts, counted, merged, months_of, panel_of, whole
from fangxian.warehouse.speaking import LATELY, clinic_cells, clinics, point_cell

__all__ = [
    "COUNTY", "TOWNSHIP", "Channelled", "Monthly", "channels", "learned_from", "monthly_feeds", "onsets",
    "subject_of", "syndrome_of", "unbroken", "weekly_feeds",
]  # fmt: skip


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
    days, drawn = Days(first, last), boundaries(area_code, last)
    made: dict[str, Cells] = {
        FeedChannel.CASES: _cases(drawn, days),
        FeedChannel.FEVER_CLINIC: _fever(drawn, days, pack),
        FeedChannel.PHARMACY: _sales(drawn, days, pack),
        FeedChannel.ENVIRONMENT: _sewage(drawn, days),
    }
    for channel, cells in _daily_feeds(drawn, days, pack).items():
        made[channel] = merged(made.get(channel, {}), cells)
    told = {str(channel): panel_of(cells, days) for channel, cells in made.items() if cells}
    return [Channelled(channel, _unbroken(channel, panel, last, pack)) for channel, panel in told.items()]


def weekly_feeds(area_code: str, last: date, *, broken: bool = False) -> list[tuple[Feed, Panel]]:
    """Feeds of weeks that are over by a day, each a panel of its own from its first figure on.

    broken  whether the times no baseline should learn from are there as well
    """
    feeds, pack = _feeds(area_code, FeedStep.WEEK), rules.pack_of(area_code, last)
    said = surveillance.figures([feed.pk for feed in feeds], date.min, last - timedelta(days=6))
    told = [(feed, _weeks(feed, in_proportion(said[feed.pk], pack))) for feed in feeds if said.get(feed.pk)]
    return told if broken else [(feed, unbroken(feed, panel, last)) for feed, panel in told]


def unbroken(feed: Feed, panel: Panel, last: date) -> Panel:
    """The panel of one feed without the times no baseline should learn from."""
    pack = rules.pack_of(feed.area_id, last)
    return _unbroken(feed.channel, panel, last, pack, subject_of(feed, pack))


def learned_from(area_code: str, channel: str, panel: Panel, last: date) -> Panel:
    """The panel of what a register counts in an area without the times no baseline should learn from."""
    return _unbroken(channel, panel, last, rules.pack_of(area_code, last))


def monthly_feeds(area_code: str, last: date) -> list[Monthly]:
    """Feeds of months that are over by a day."""
    feeds, pack = _feeds(area_code, FeedStep.MONTH), rules.pack_of(area_code, last)
    newest = (last + timedelta(days=1)).replace(day=1) - timedelta(days=1)
    said = surveillance.figures([feed.pk for feed in feeds], date.min, newest)
    return [_months(feed, in_proportion(said[feed.pk], pack), last, pack) for feed in feeds if said.get(feed.pk)]


def onsets(area_code: str, disease: str, first: date, last: date) -> list[tuple[date, date]]:
    """Day of onset and day it became known of each case of a disease with both known; the nowcast's triangle."""
    known = TruncDate(Coalesce("positive_at", "reported_at", "created_at"))
    rows = cases.cases_in(area_code, disease).order_by().annotate(known=known)
    rows = rows.filter(onset_on__range=(first, last), known__lte=last)
    return [(onset, max(onset, day)) for onset, day in rows.values_list("onset_on", "known")]


def in_proportion(figures: dict[date, Figure], pack: Pack) -> dict[date, float]:
    """The figures of a feed, those out of a number scaled to the usual one (its median) and rounded to whole counts.

    So many absent on a day on which half of the pupils were asked are twice as many. A figure out of much fewer than
    usual (`warning.least_present`) says too little: it is unknown. One that is out of nothing known counts as it is.
    """
    wholes = [figure.out_of for figure in figures.values() if figure.out_of]
    usual = float(np.median(wholes)) if wholes else UNKNOWN
    least = pack.number("warning.least_present") * usual
    return {day: _scaled(figure, usual, least) for day, figure in figures.items()}


def _scaled(figure: Figure, usual: float, least: float) -> float:
    if figure.out_of is None:
        return float(figure.count)
    return float(round(figure.count * usual / figure.out_of)) if figure.out_of and figure.out_of >= least else UNKNOWN


def _cases(drawn: Boundaries, days: Days) -> Cells:
    """Cases that count by the day they became known, each for its disease. What a part of a split area
    had before it was one, nobody knows."""
    told = [row for code in drawn.reach for row in cases.known_by_day(days.first, days.last, code)]
    rows = [
        (row.area_code, row.disease, row.day, row.count)
        for row in told if row.classification != Case.Classification.NO_CASE
    ]  # fmt: skip
    cells = counted(rows, days, drawn.levels)
    at = np.arange(len(days))
    return {
        key: Cell(cell.counts, cell.there & (at >= days.at(drawn.since[key[0]]))) if key[0] in drawn.since else cell
        for key, cell in cells.items()
    }


def _fever(drawn: Boundaries, days: Days, pack: Pack) -> Cells:
    """Fever patients by the day they were seen, clinic by clinic; the syndrome is respiratory."""
    known = [clinic for code in drawn.reach for clinic in clinics(code, days)]
    cells = zip(known, clinic_cells(known, days, pack), strict=True)
    return whole([(clinic.area_code, "s:respiratory", cell) for clinic, cell in cells], drawn.levels)


def _sales(drawn: Boundaries, days: Days, pack: Pack) -> Cells:
    """Packages sold of the classes the pack names, pharmacy by pharmacy."""
    wanted, since = set(pack.items("warning.medicine")), max(days.first, days.last - LATELY)
    said: dict[tuple[str, str], dict[date, float]] = {}
    for row in (row for code in drawn.reach for row in pharmacies.daily(code, since, days.last)):
        if row.drug in wanted:
            sold = said.setdefault((str(row.pharmacy_id), row.area_code), {})
            sold[row.day] = sold.get(row.day, 0.0) + (UNKNOWN if row.quantity is None else float(row.quantity))
    parts: Parts = [(area, "s:respiratory", Cell.of(sold, days)) for (_who, area), sold in said.items()]
    return whole(parts, drawn.levels)


def _sewage(drawn: Boundaries, days: Days) -> Cells:
    """Positive monitoring points a day, point by point."""
    since = max(days.first, days.last - LATELY)
    points = [point for code in drawn.reach for point in environment.feed(since, days.last, area_code=code)]
    cells = [(point.point.area_id, point_cell(point, days)) for point in points]
    return whole([(area, "s:enteric", cell) for area, cell in cells if cell is not None], drawn.levels)


def _daily_feeds(drawn: Boundaries, days: Days, pack: Pack) -> dict[str, Cells]:
    """Feeds of days by channel. Until its first figure a feed is not there; after it, a day without one is unknown."""
    feeds = [feed for code in drawn.reach for feed in _feeds(code, FeedStep.DAY)]
    said = surveillance.figures([feed.pk for feed in feeds], days.first, days.last)
    parts: dict[str, Parts] = {}
    for feed in feeds:
        if figures := said.get(feed.pk):
            cell = Cell.of(in_proportion(figures, pack), days)
            parts.setdefault(feed.channel, []).append((feed.area_id, subject_of(feed, pack), cell))
    return {channel: whole(found, drawn.levels) for channel, found in parts.items()}


def _feeds(area_code: str, step: str) -> list[Feed]:
    return [feed for feed in surveillance.feeds(area_code) if feed.step == step]


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


def _unbroken(channel: str, panel: Panel, last: date, pack: Pack, subject: str = "") -> Panel:
    """Without the times no baseline should learn from: a year whose habits were others. The newest days stay, broken
    or not: they are what is judged, and what the daily methods measure it by."""
    about = [{subject or one, syndrome_of(subject or one, pack)} for one in panel.diseases]
    for one in rules.broken_periods(pack):
        rows = np.array([one.concerns(channel, subjects) for subjects in about])
        panel = panel.without([(one.first, min(one.last, last - LATELY))], rows=rows)
    return panel


def _weeks(feed: Feed, figures: dict[date, float]) -> Panel:
    """A weekly panel of one feed, on the weekday its figures begin on."""
    first, last = min(figures), max(figures)
    begins = [first + timedelta(days=7 * number) for number in range((last - first).days // 7 + 1)]
    counts = np.array([[figures.get(day, UNKNOWN) for day in begins]], dtype=np.float64)
    return Panel((feed.area_id,), (feed.disease,), np.array(begins, dtype="datetime64[D]"), counts, step=Step.WEEK)


def _months(feed: Feed, figures: dict[date, float], last: date, pack: Pack) -> Monthly:
    """Months without those of a broken time, unless too few would be left to judge by: they have no lower rung."""
    begins, counts = months_of(figures)
    subjects = {(subject := subject_of(feed, pack)), syndrome_of(subject, pack)}
    broken = [one for one in rules.broken_periods(pack) if one.concerns(feed.channel, subjects)]
    ends = [(one.first, min(one.last, last - LATELY)) for one in broken]
    hidden = [any(first < _month_after(day) and day <= until for first, until in ends) for day in begins]
    kept = np.where(np.array(hidden), UNKNOWN, counts)
    judged = ~np.isnan(historical_limits(kept[None, :]).expected[0, -1])
    return Monthly(feed, begins, kept if judged else counts)


def _month_after(day: date) -> date:
    return (day + timedelta(days=32)).replace(day=1)
