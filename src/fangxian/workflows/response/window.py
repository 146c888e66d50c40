"""When a case could infect others: from some days before onset until isolation."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.utils import timezone

from fangxian.core.clock import day_of
from fangxian.core.policy import Pack


@dataclass(frozen=True)
class Span:
    """Half-open stretch of time [t0, t1), aware UTC."""

    t0: datetime
    t1: datetime


def infectious(case, pack: Pack, *, at: datetime) -> Span:
    """The infectious window of a case under a pack.

    Begins at local midnight `contact.window_before_onset_days` before onset, or before the first positive sample of a
    case without symptoms; ends when the case was isolated, else at `at`; never longer than `contact.window_max_days`.
    Source: protocol v8, definition of a close contact (see the pack's rule for the page).
    """
    end = min(case.isolated_at or at, at)
    start = midnight(first_day(case) - timedelta(days=int(pack.number("contact.window_before_onset_days"))))
    earliest = end - timedelta(days=int(pack.number("contact.window_max_days")))
    start = max(start, earliest)
    return Span(min(start, end), end)


def first_day(case) -> date:
    """The day the window counts from: onset, else the first positive sample, else the day the result was known."""
    if case.onset_on:
        return case.onset_on
    return day_of(case.sampled_at or case.positive_at or case.created_at)


def midnight(day: date) -> datetime:
    """The beginning of a local day, in UTC."""
    return timezone.make_aware(datetime.combine(day, time.min)).astimezone(UTC)
