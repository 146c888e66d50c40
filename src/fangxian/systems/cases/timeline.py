"""A case's days in order, although some times are only known to the hour, to the day or about."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fangxian.systems.cases.models import Case, Exposure, Precision, TimelineEntry

#: how far a time known only "about" may be off; it widens what is drawn, it decides nothing
ABOUT = timedelta(days=1)
_END_OF_DAY = time(23, 59, 59)


@dataclass(frozen=True)
class Moment:
    """One line of the timeline. `earliest` to `latest` is where its beginning may lie; None means not known at all."""

    kind: str
    text: str | Promise
    place: str
    starts_at: datetime | None
    ends_at: datetime | None
    precision: str
    earliest: datetime | None
    latest: datetime | None
    source: str
    pk: object = None
    order_uncertain: bool = False


def span(at: datetime, precision: str) -> tuple[datetime, datetime]:
    """Earliest and latest moment a time may mean."""
    local = timezone.localtime(at)
    if precision == Precision.HOUR:
        hour = local.replace(minute=0, second=0, microsecond=0)
        return hour, hour + timedelta(minutes=59, seconds=59)
    if precision == Precision.DAY:
        return _day_start(local.date()), _day_end(local.date())
    if precision in (Precision.ABOUT, Precision.UNKNOWN):
        return _day_start(local.date() - ABOUT), _day_end(local.date() + ABOUT)
    return at, at


def merge(case: Case, entries: list[TimelineEntry], exposures: list[Exposure]) -> list[Moment]:
    """Everything with a time about a case, earliest possible beginning first, times not known at all last.

    A line whose span overlaps the line before it is marked: their order is not known.
    """
    moments = [*_of_case(case), *map(_of_entry, entries), *map(_of_exposure, exposures)]
    known = sorted((m for m in moments if m.earliest), key=lambda m: (m.earliest, m.latest, m.kind, str(m.text)))
    return [*_marked(known), *(m for m in moments if not m.earliest)]


def _marked(moments: list[Moment]) -> list[Moment]:
    marked, reach = [], None
    for moment in moments:
        unsure = reach is not None and moment.earliest < reach
        marked.append(Moment(**{**vars(moment), "order_uncertain": unsure}))
        reach = max(reach, moment.latest) if reach else moment.latest
    return marked


def _of_case(case: Case) -> list[Moment]:
    """The milestones the case itself carries."""
    days = [
        ("SYMPTOM", _("Onset"), case.onset_on, case.onset_precision),
        ("MEASURE", _("Outcome of the illness"), case.outcome_on, Precision.DAY),
    ]
    times = [
        ("TEST", _("First positive sample"), case.sampled_at),
        ("TEST", _("Positive result known"), case.positive_at),
        ("MEASURE", _("Reported on the network"), case.reported_at),
        ("MEASURE", _("Isolated since"), case.isolated_at),
    ]
    found = [_moment(kind, text, _day_start(day), None, how, "case") for kind, text, day, how in days if day]
    return found + [_moment(kind, text, at, None, Precision.EXACT, "case") for kind, text, at in times if at]


def _of_entry(entry: TimelineEntry) -> Moment:
    text = entry.text or entry.get_kind_display()
    return _moment(
        entry.kind, text, entry.starts_at, entry.ends_at, entry.precision, "entry", entry.place_name, entry.pk
    )


def _of_exposure(exposure: Exposure) -> Moment:
    text = str(exposure.get_kind_display()) + (f" · {exposure.person}" if exposure.person_id else "")
    at, until = exposure.starts_at or exposure.ends_at, exposure.ends_at
    return _moment("EXPOSURE", text, at, until, exposure.precision, "exposure", exposure.place_name, exposure.pk)


def _moment(kind, text, at, until, precision, source, place="", pk=None) -> Moment:
    earliest, latest = span(at, precision) if at else (None, None)
    return Moment(kind, text, place, at, until, precision, earliest, latest, source, pk)


def _day_start(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _day_end(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, _END_OF_DAY))
