"""What is asked of the visit log, and how far one may ask: the windows of the cases by purpose, the pack's limits."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from fangxian.core import policy
from fangxian.core.areas import Area
from fangxian.core.clock import now, shown
from fangxian.systems.cases.models import Case, TraceRequest
from fangxian.workflows.response import window
from fangxian.workflows.response.window import Span

Purpose = TraceRequest.Purpose
MINUTE = 60
INCUBATION = "disease.incubation_days"


@dataclass(frozen=True)
class Question:
    """What an officer asks.

    windows     the stretch of each case (by its id) that is asked about; a case that is not named has its default
    lag         seconds after a case has left that still count; None: the pack's
    least       seconds together from which a person is listed
    without     places that are left out (ids); only: nothing but these places
    most_rows   a stay of a case with more meetings is a crowd and left out; None: the pack's
    second      whether contacts of contacts are looked for; second_least: seconds with the case from which a contact
                is followed further; second_limit: how many are kept for each case; None: the pack's
    """

    cases: tuple[Case, ...]
    purpose: str
    reason: str
    windows: Mapping[UUID, tuple[datetime | None, datetime | None]] = field(default_factory=dict)
    lag: int | None = None
    least: int = 0
    without: tuple[UUID, ...] = ()
    only: tuple[UUID, ...] = ()
    most_rows: int | None = None
    second: bool = False
    second_least: int | None = None
    second_limit: int | None = None


def pack_of(case: Case) -> policy.Pack:
    """The rules in force for a case today."""
    return policy.pack(disease=case.disease, area_code=case.area_id, on=timezone.localdate(now()))


def span(case: Case, purpose: str, pack: policy.Pack) -> Span:
    """The default window of a case for a purpose; nobody may ask about more of the case's life than this.

    Contacts: while it could infect others. Source: while it could have been infected, from the longest incubation
    before its first day until the end of that day. Verifying a statement: both together.
    """
    infectious = window.infectious(case, pack, at=now())
    if purpose in (Purpose.FIND_CONTACTS, Purpose.REVIEW_CONTACT):
        return infectious
    first = window.first_day(case)
    begin = window.midnight(first - timedelta(days=_incubation(pack)))
    if purpose == Purpose.FIND_SOURCE:
        return Span(begin, max(begin, min(window.midnight(first + timedelta(days=1)), now())))
    return Span(min(begin, infectious.t0), infectious.t1)


def planned(question: Question) -> dict[str, Any]:
    """The question in full, as it is kept: every window and every limit a number. Raises `ValidationError`."""
    packs = {case.pk: pack_of(case) for case in question.cases}
    lead = packs[question.cases[0].pk]
    most_cases = min(int(pack.number("trace.most_cases")) for pack in packs.values())
    if len(question.cases) > most_cases:
        raise ValidationError(_("One trace follows at most %(most)s cases: ask in parts.") % {"most": most_cases})
    return {
        "windows": [_window(case, question, packs[case.pk]) for case in question.cases],
        "lag": _or_rule(question.lag, lead, "contact.lag_minutes", MINUTE),
        "least": question.least,
        "without": [str(place) for place in question.without],
        "only": [str(place) for place in question.only],
        "most_rows": _or_rule(question.most_rows, lead, "contact.max_place_rows"),
        "second": question.second,
        "second_least": _or_rule(question.second_least, lead, "contact.close.total_minutes", MINUTE),
        "second_limit": _or_rule(question.second_limit, lead, "contact.secondary.max_persons"),
        "most": min(int(pack.number("trace.most_persons")) for pack in packs.values()),
        "min_cases": int(lead.number("trace.source.min_cases")),
        "max_places": int(lead.number("trace.source.max_places")),
    }


def common_area(cases: tuple[Case, ...]) -> Area:
    """The smallest area that holds all the cases; it answers for the question."""
    codes = [case.area_id for case in cases]
    shared = codes[0]
    while not all(code.startswith(shared) for code in codes):
        shared = shared[:-1]
    while shared:
        if (found := Area.objects.filter(code=shared).first()) is not None:
            return found
        shared = shared[:-1]
    raise ValidationError(_("These cases have no area in common: ask about them apart."))


def _incubation(pack: policy.Pack) -> int:
    """Days before its first day in which a case may have been infected."""
    rule = pack.get(INCUBATION)
    longest = rule.get("max") if isinstance(rule, Mapping) else None
    return int(longest or pack.number("contact.window_max_days"))


def _window(case: Case, question: Question, pack: policy.Pack) -> dict[str, Any]:
    """The stretch asked about; it narrows the default and never widens it."""
    widest = span(case, question.purpose, pack)
    start, end = question.windows.get(case.pk, (None, None))
    start, end = start or widest.t0, end or widest.t1
    if start < widest.t0 - timedelta(minutes=1) or end > widest.t1 + timedelta(minutes=1):
        limits = {"case": case.number, "from": shown(widest.t0), "until": shown(widest.t1)}
        text = _("Case %(case)s: for this purpose ask between %(from)s and %(until)s. Is the onset wrong? Correct it.")
        raise ValidationError(text % limits)
    if start >= end:
        raise ValidationError(_("Case %(case)s: the end lies before the beginning.") % {"case": case.number})
    return {"case": str(case.pk), "person": str(case.person_id), "number": case.number,
            "from": int(max(start, widest.t0).timestamp()), "until": int(min(end, widest.t1).timestamp())}  # fmt: skip


def _or_rule(given: int | None, pack: policy.Pack, key: str, unit: int = 1) -> int:
    return int(pack.number(key)) * unit if given is None else given
