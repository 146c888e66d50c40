"""What became of the people of a letter, from what was entered about them anyway.

task of the village   found, not found (systems/letters/following.py, with the act itself)
quarantine stay       found, in quarantine since its check-in, where
quarantine at home    monitored since its first day
test                  tested at, and the result that stands
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from fangxian.core.officers import Officer
from fangxian.systems.letters import selectors as letters
from fangxian.systems.letters import services
from fangxian.systems.letters.models import Letter, LetterItem
from fangxian.systems.quarantine import selectors as quarantine
from fangxian.systems.testing import selectors as testing

CENTRAL, HOME = LetterItem.Place.CENTRAL, LetterItem.Place.HOME
INSIDE = ("IN", "RELEASED")


def collect(letter: Letter, *, by: Officer | None) -> int:
    """Bring what is known of a letter's people into it; returns for how many something changed. Four queries."""
    rows = [row for row in letters.items_of(letter) if row.person_id and not row.is_recalled and not _is_elsewhere(row)]
    people = [row.person_id for row in rows]
    stays, tests = quarantine.stays_of(people), _tests(people, letter)
    told: dict[UUID, dict[str, Any]] = {}
    for row in rows:
        known = _told(row, stays[row.person_id], tests.get(row.person_id, []), letter)
        if known:
            told[row.pk] = known
    return services.set_results(letter=letter, by=by, results=told) if told else 0


def _is_elsewhere(row: LetterItem) -> bool:
    return row.result == LetterItem.Result.TRANSFERRED


def _told(row: LetterItem, stays: Iterable[Any], tests: list[Any], letter: Letter) -> dict[str, Any]:
    told = _quarantined(stays, _since(letter))
    if tests:
        last = tests[-1]
        told |= {"tested_at": last.sampled_at, "test_result": last.value or ""}
    seen = told.get("isolated_since") or told.get("tested_at")
    if seen and not row.result:
        told |= {"result": LetterItem.Result.FOUND, "result_at": seen}
    return told


def _quarantined(stays: Iterable[Any], since: date) -> dict[str, Any]:
    """The last stay that reached into the time of the letter and in which the person has come."""
    told: dict[str, Any] = {}
    for stay in stays:
        if stay.ends_on < since or stay.state not in INSIDE or stay.checked_in_at is None:
            continue
        central = stay.place == "CENTRAL"
        told = {"isolated_since": stay.checked_in_at, "isolated_in": CENTRAL if central else HOME}
        told["monitored_since"] = timezone.localdate(stay.checked_in_at)
    return told


def _tests(people: list[UUID], letter: Letter) -> dict[UUID, list[Any]]:
    """Tests of the letter's disease since it was sent; a sample without a result counts as taken."""
    found: dict[UUID, list[Any]] = defaultdict(list)
    for test in testing.tested_since(people, _begin(letter)):
        if test.disease in (None, letter.disease):
            found[test.person_id].append(test)
    return found


def _since(letter: Letter) -> date:
    return timezone.localdate(_begin(letter))


def _begin(letter: Letter) -> datetime:
    return letter.sent_at or letter.created_at
