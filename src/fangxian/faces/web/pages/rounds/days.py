"""Must-test by day: each group and the last two weeks, how many of those whose turn it was came, who is missing."""

from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from fangxian.core.clock import today
from fangxian.core.permissions import Permission
from fangxian.faces.web.pages import guard
from fangxian.systems.testing import coverage, groups, selectors
from fangxian.systems.testing.coverage import Figures, State
from fangxian.workflows.response.report import disease_name

SHOWN_DAYS = 14


@dataclass(frozen=True)
class Cell:
    """A group on a day: its figures, and the address of the missing by name; None where no round asked for it."""

    day: date
    figures: Figures | None
    people: str


@guard.needs(Permission.TESTING_READ)
@require_GET
def must_test(request: HttpRequest) -> HttpResponse:
    """The must-test rounds of one county and disease; others in reach are a click away."""
    last = today()
    found = selectors.must_test_rounds(last - timedelta(days=SHOWN_DAYS - 1), last)
    series = {(row.area_id, row.disease): row.area for row in reversed(found)}
    asked = (request.GET.get("area", ""), request.GET.get("disease", ""))
    chosen = asked if asked in series else next(iter(series), None)
    rounds = {timezone.localdate(row.begins_at): row for row in reversed(found) if (row.area_id, row.disease) == chosen}
    days = sorted(rounds, reverse=True)
    context = {
        "days": [(day, rounds[day]) for day in days], "rows": _rows(rounds, days), "area": series.get(chosen),
        "series": [
            {"area": area, "disease": disease_name(disease), "url": "?" + urlencode({"area": code, "disease": disease}),
             "chosen": (code, disease) == chosen}
            for (code, disease), area in series.items()
        ],
    }  # fmt: skip
    return render(request, "rounds/must_test.html", context)


def _rows(rounds: dict, days: list[date]) -> list[tuple[str, list[Cell]]]:
    """A line a group in the pack's order, then tests planned for single people, then whoever came unasked."""
    if not rounds:
        return []
    found = coverage.by_round(rounds.values())
    names = groups.names(rounds[days[0]].area_id)
    words = {**names, "planned": _("Planned tests"), "": _("In no group")}
    order = [*(key for key in words if key in found), *sorted(set(found) - set(words) - {"unlisted"})]
    return [(words.get(key, key), [_cell(rounds[day], day, key, found[key]) for day in days]) for key in order]


def _cell(test_round, day: date, group: str, found: dict[int, Figures]) -> Cell:
    asked = urlencode({"state": int(State.MISSING), "group": group})
    url = f"{reverse('round_people', args=[test_round.pk])}?{asked}"
    return Cell(day, found.get(test_round.number), url)
