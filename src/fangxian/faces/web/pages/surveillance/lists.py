"""The rows a signal counts, as named lists of the registers they lie in: what a card shows is what its link shows.

A value says all of it, so that a link means the same tomorrow: first and last day, about what, where, and of a rule the
place its cases share.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fangxian.core import diseases
from fangxian.core.areas import code_range
from fangxian.faces.web.registers.named import add, day_of, uuid_of
from fangxian.faces.web.templatetags.shell import day
from fangxian.registers import site
from fangxian.systems.surveillance import rules, selectors
from fangxian.systems.surveillance.subjects import is_syndrome, name_of
from fangxian.systems.surveillance.words import SignalKind, SignalMethod
from fangxian.warehouse.panels import COUNTY, subject_of, syndrome_of
from fangxian.workflows.warning import telling

KEY = "signal"
CASES, FIGURES, SAMPLES = "cases.case", "surveillance.feedcount", "environment.environmentsample"
NOTHING, ANY_PLACE, AT, FEED = "-", "rule", "at:", "feed:"
PARTS = 5
MOMENTS = ("positive_at", "created_at")
"""A case is known from the first of these; what counts by day and what rules count."""
MOMENTS_OF_RULES = ("positive_at", "reported_at", "created_at")


@dataclass(frozen=True)
class Selection:
    """The rows behind a card.

    codes  areas, each with all below it
    extra  of cases, which place they share by a rule; of figures, the channel or the feed
    """

    first: date
    last: date
    subject: str
    codes: tuple[str, ...]
    extra: str = ""

    @property
    def value(self) -> str:
        """As a named list takes it."""
        parts = (self.first.isoformat(), self.last.isoformat(), self.subject or NOTHING, ",".join(self.codes))
        return " ".join((*parts, self.extra)).strip()

    @classmethod
    def read(cls, value: str) -> "Selection":
        """From such a value; raises `ValidationError` for anything else."""
        parts = value.split(" ", PARTS - 1)
        if len(parts) < PARTS - 1:
            raise ValidationError(_("“%(value)s” names no rows.") % {"value": value[:40]})
        first, last, subject, codes, extra = (*parts, "")[:PARTS]
        subject = "" if subject == NOTHING else subject
        return cls(day_of(first), day_of(last), subject, tuple(codes.split(",")), extra)


def days_of(signal: Any) -> tuple[date, date]:
    """First and last day of a card: since when it is, or the period it judged where that began before."""
    return telling.since(signal), signal.last_on


def cases_of(signal: Any) -> Selection:
    """The cases of a card: of a cluster in space those of its places, of a rule those who share its place."""
    codes, extra = (signal.area_id,), ""
    if signal.method == SignalMethod.SPACE_TIME:
        codes = tuple(place["code"] for place in signal.series.get("places", [])) or codes
    if signal.kind == SignalKind.RULE:
        extra = ANY_PLACE
        if signal.subject_id or signal.where:  # who shares a house or a school may live anywhere in the county
            codes, extra = (signal.area_id[:COUNTY],), AT + str(signal.subject_id or signal.where)
    return Selection(*days_of(signal), signal.disease, codes, extra)


def figures_of(signal: Any) -> Selection:
    """The figures of a card's feeds; of a silent one the month before it fell silent."""
    first, last = days_of(signal)
    if signal.kind == SignalKind.SILENCE:
        first -= timedelta(days=28)
    extra = FEED + str(signal.subject_id) if signal.subject_id else signal.channel
    return Selection(first, last, signal.disease, (signal.area_id,), extra)


def samples_of(signal: Any) -> Selection:
    """The sewage of a card."""
    return Selection(*days_of(signal), signal.disease, (signal.area_id,))


def cases(value: str) -> Q:
    """Cases that count, known in the days, of the disease or of every disease of the syndrome."""
    asked = Selection.read(value)
    known = _known(asked, MOMENTS_OF_RULES if asked.extra else MOMENTS)
    found = ~Q(classification="NO_CASE") & known & _inside(asked.codes)
    found &= Q(disease__in=_diseases(asked.subject, asked.codes[0])) if asked.subject else Q()
    return found & _sharing(asked.extra.removeprefix(AT)) if asked.extra.startswith(AT) else found


def figures(value: str) -> Q:
    """Figures of the days, of one feed or of every feed of the channel and subject."""
    asked = Selection.read(value)
    if asked.extra.startswith(FEED):
        feeds = [uuid_of(asked.extra.removeprefix(FEED))]
    else:
        there = [feed for code in asked.codes for feed in selectors.feeds(code) if feed.channel == asked.extra]
        feeds = [feed.pk for feed in there if subject_of(feed, rules.pack_of(feed.area_id)) == asked.subject]
    return Q(feed_id__in=feeds, on__range=(asked.first, asked.last))


def samples(value: str) -> Q:
    """Sewage of monitoring points that has a result, taken in the days."""
    asked = Selection.read(value)
    taken = Q(sampled_at__gte=_midnight(asked.first), sampled_at__lt=_midnight(asked.last + timedelta(days=1)))
    return taken & _inside(asked.codes) & Q(kind="SEWAGE", point__isnull=False, result__in=["POSITIVE", "NEGATIVE"])


def _known(asked: Selection, names: tuple[str, ...]) -> Q:
    """The first of some moments that is there lies in the days."""
    begin, end = _midnight(asked.first), _midnight(asked.last + timedelta(days=1))
    found, missing = Q(pk__in=[]), Q()
    for name in names:
        found |= missing & Q(**{f"{name}__gte": begin, f"{name}__lt": end})
        missing &= Q(**{f"{name}__isnull": True})
    return found


def _inside(codes: tuple[str, ...]) -> Q:
    found = Q(pk__in=[])
    for code in codes:
        low, high = code_range(code)
        found |= Q(area_id__gte=low, area_id__lt=high)
    return found


def _diseases(subject: str, code: str) -> list[str]:
    if not is_syndrome(subject):
        return [subject]
    pack = rules.pack_of(code)
    return sorted(key for key in diseases.KEYS if syndrome_of(key, pack) == subject)


def _sharing(at: str) -> Q:
    """Who lives in a household, or told of a place by its id or its name."""
    told = site.get("cases.exposure").model.unscoped
    try:
        known = UUID(at)
    except ValueError:
        return Q(pk__in=told.filter(kind="WORK", place_name=at).values("case_id"))
    return Q(person__household_id=known) | Q(pk__in=told.filter(place_id=known).values("case_id"))


def _midnight(on: date) -> datetime:
    return timezone.make_aware(datetime.combine(on, time.min))


def _called(value: str) -> str:
    """The title of such a list; none where the value is wrong, which the page says elsewhere."""
    try:
        asked = Selection.read(value)
    except ValidationError:
        return ""
    said = {"what": name_of(asked.subject), "first": day(asked.first), "last": day(asked.last)}
    return (_("behind a signal: %(what)s, %(first)s to %(last)s") % said).replace(": ,", ":")


for _slug, _condition in ((CASES, cases), (FIGURES, figures), (SAMPLES, samples)):
    add(KEY, _slug, gettext_lazy("behind a signal"), _condition, called=_called)
