"""Who worked when, read from every system that knows it; nobody enters it a second time.

    checkpoints   a shift of a point, from being taken over to being handed over: its leader, and those members whose
                  name is that of exactly one officer of the county (the rest are listed as not known)
    quarantine    a shift of an isolation site: whoever took over and handed over next
    testing       who registered tubes at a point of a round: from the first to the last of a day
    community     volunteers who came, for the minutes credited
    workforce     what was entered by hand, because none of these knows it

Times are UTC, spans carry the row they come from. What is planned counts too, for looking ahead.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from fangxian.core.clock import now, today
from fangxian.core.officers import Post
from fangxian.systems.checkpoints import selectors as checkpoints
from fangxian.systems.checkpoints.words import ShiftState
from fangxian.systems.community import selectors as community
from fangxian.systems.quarantine import selectors as quarantine
from fangxian.systems.testing import selectors as testing
from fangxian.systems.workforce import selectors
from fangxian.systems.workforce.load import Span
from fangxian.systems.workforce.words import FrontlineWork

NAMES = re.compile(r"[;；,，、\s]+")
POST = re.compile(r"[^:：;；]*[:：]")
STANDS = (ShiftState.ON, ShiftState.LEAVING)


@dataclass(frozen=True)
class Unknown:
    """Names on a shift of a checkpoint that are not those of exactly one officer of the county."""

    area: str
    where: str
    starts_at: datetime
    names: tuple[str, ...]
    pk: str


@dataclass(frozen=True)
class Worked:
    """All spans between two moments, and who stands on a sheet without being known."""

    spans: list[Span]
    unknown: list[Unknown]

    def by_worker(self) -> dict[str, list[Span]]:
        """The spans of each worker, in order of time."""
        found: dict[str, list[Span]] = {}
        for span in sorted(self.spans):
            found.setdefault(span.worker, []).append(span)
        return found


def worked(since: datetime, until: datetime) -> Worked:
    """Everybody's work between two moments inside the scope in force; a fixed number of queries."""
    at_points, unknown = _at_points(since, until)
    spans = [*at_points, *_at_sites(since, until), *_sampling(since, until), *_helping(since, until),
             *_entered(since, until)]  # fmt: skip
    inside = [span for span in spans if span.starts_at < span.ends_at and span.ends_at > since]
    return Worked(inside, unknown)


def _entered(since: datetime, until: datetime) -> list[Span]:
    return [
        Span(row.starts_at, row.ends_at, row.kind, row.worker, row.area_id, row.where, row._meta.label_lower,
             str(row.pk))
        for row in selectors.shifts_between(since, until)
    ]  # fmt: skip


def _at_points(since: datetime, until: datetime) -> tuple[list[Span], list[Unknown]]:
    """Shifts of checkpoints; one that was planned and never begun was not worked."""
    spans, unknown, known, at = [], [], _officers_by_name(), now()
    for row in checkpoints.shifts_between(since, until):
        if row.state == ShiftState.PLANNED and row.starts_at < at:
            continue
        begins, ends = _stood(row, at)
        named = [name for name in names_of(row.members) if name != str(row.leader)]
        officers = [_only(known, name, row.area_id) for name in named]
        people = {row.leader_id, *officers} - {None}
        spans += [
            Span(begins, ends, FrontlineWork.CHECKPOINT, f"officer:{pk}", row.area_id, str(row.point),
                 row._meta.label_lower, str(row.pk))
            for pk in sorted(people)
        ]  # fmt: skip
        lost = tuple(name for name, pk in zip(named, officers, strict=True) if pk is None)
        unknown += [Unknown(row.area_id, str(row.point), row.starts_at, lost, str(row.pk))] if lost else []
    return spans, unknown


def names_of(members: str) -> list[str]:
    """The names of “checks: Li, Wang; temperature: Zhao”, each once; a number of people, “查验2人”, is no name."""
    found = NAMES.split(POST.sub(" ", members))
    return list(dict.fromkeys(name for name in found if name.isalpha() and len(name) > 1))


def _stood(row: Any, at: datetime) -> tuple[datetime, datetime]:
    """From when until when a shift stood there: by the sheets where they are signed, else as planned."""
    came, left = getattr(row, "taken_from", None), getattr(row, "hand_over", None)
    begins = came.taken_at if came is not None and came.taken_at else row.starts_at
    if left is not None and left.taken_at:
        return begins, left.taken_at
    return begins, max(row.ends_at, at) if row.state in STANDS else row.ends_at


def _officers_by_name() -> dict[str, list[tuple[int, str]]]:
    found: dict[str, list[tuple[int, str]]] = {}
    for pk, name, area in Post.objects.current().values_list("officer_id", "officer__name", "area_id").distinct():
        found.setdefault(name, []).append((pk, area))
    return found


def _only(known: dict[str, list[tuple[int, str]]], name: str, area: str) -> int | None:
    """The one officer of that name with a post in the county; None where there are several or none."""
    found = {pk for pk, code in known.get(name, []) if code[:6] == area[:6]}
    return found.pop() if len(found) == 1 else None


def _at_sites(since: datetime, until: datetime) -> list[Span]:
    """Shifts between two hand-overs of an isolation site; the one that runs is not over yet."""
    sheets = [sheet for sheet in quarantine.hand_overs_since(since) if sheet.handed_at < until]
    spans = []
    for _site, found in groupby(sheets, key=lambda sheet: sheet.site_id):
        row = list(found)
        for sheet, following in zip(row, [*row[1:], None], strict=True):
            spans += _between(sheet, following)
    return spans


def _between(sheet: Any, following: Any) -> Iterable[Span]:
    if sheet.taken_at is None or (sheet.site.closed_on is not None and sheet.site.closed_on <= today()):
        return
    if following is not None and following.handed_by_id != sheet.taken_by_id:
        return
    ends = following.handed_at if following is not None else max(now(), sheet.taken_at)
    yield Span(sheet.taken_at, ends, FrontlineWork.SITE, f"officer:{sheet.taken_by_id}", sheet.area_id, str(sheet.site),
               sheet._meta.label_lower, str(sheet.pk))  # fmt: skip


def _sampling(since: datetime, until: datetime) -> list[Span]:
    """From the first to the last tube of a day; a single tube is a moment, not a shift."""
    return [
        Span(row["first"], row["last"], FrontlineWork.SAMPLING, f"officer:{row['created_by']}",
             row["sampling_point__area_id"], row["sampling_point__name"], "testing.samplingpoint",
             str(row["sampling_point"]))
        for row in testing.sampling_between(since, until)
    ]  # fmt: skip


def _helping(since: datetime, until: datetime) -> list[Span]:
    """Volunteers from the beginning of the call on, as long as they were credited."""
    return [
        Span(row.call.starts_at, row.call.starts_at + timedelta(minutes=row.minutes), FrontlineWork.COMMUNITY,
             f"person:{row.volunteer.person_id}", row.area_id, row.call.place, row._meta.label_lower, str(row.pk))
        for row in community.came_between(since, until)
        if row.volunteer.person_id
    ]  # fmt: skip
