"""The rows behind the figures: which list each measure opens. What a figure counts is what its link shows."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fangxian.core.clock import now, today
from fangxian.core.permissions import Permission, may
from fangxian.faces.web.pages import figures
from fangxian.faces.web.registers import named
from fangxian.faces.web.registers.named import add, day_of, uuid_of
from fangxian.systems.readiness.rules import Verdict

CONFIRMED = ["CONFIRMED", "CONFIRMED_NO_SYMPTOMS", "CONFIRMED_UNKNOWN_SYMPTOMS"]
UNSETTLED = ["NOT_CLASSIFIED", "SUSPECT", "PROBABLE"]
ON_THE_WAY = ["EXPECTED", "LANDED", "CHECKED"]
COMMUNITIES, OPENINGS, ROLL = "readiness.epidemicfree", "readiness.schoolopening", "readiness.schoolmember"

add("confirmed", "cases.case", _("confirmed or asymptomatic"), lambda value: Q(classification__in=CONFIRMED))
add("to_settle", "cases.case", _("suspected, not settled"),
    lambda value: Q(classification__in=UNSETTLED, outcome="NO_OUTCOME"))  # fmt: skip
add("followed", "cases.contact", _("in follow-up"), lambda value: Q(status="ACTIVE", follow_up="FOLLOW_UP"))
add("at_home", "quarantine.stay", _("isolated at home"),
    lambda value: Q(place="HOME", state__in=["NO_ROOM", "BOOKED", "IN"]))  # fmt: skip
add("not_received", "arrivals.arrival", _("not received in time"),
    lambda value: Q(state__in=ON_THE_WAY, received_at=None, receive_due_at__lt=now()))  # fmt: skip
add("missed_since", "testing.testduty", _("missed since"),
    lambda value: Q(Q(state="MISSED") | Q(state="DUE", due_on__lt=today()), due_on__gte=day_of(value)))  # fmt: skip
add("living", "people.person", _("who live here"), lambda value: Q(left_on=None))
add("in_force", COMMUNITIES, _("epidemic-free today"),
    lambda value: Q(state="GRANTED", valid_until__gte=today()))  # fmt: skip
add("to_decide", COMMUNITIES, _("to be decided"), lambda value: Q(state="APPLIED"))
add("revoked", COMMUNITIES, _("status revoked"), lambda value: Q(state="REVOKED"))
add("of_opening", ROLL, _("on the roll"), lambda value: Q(opening=uuid_of(value)))
add("silent", ROLL, _("have not declared where they were"), lambda value: Q(opening=uuid_of(value), declared_on=None))

ROWS = {
    "days_since_case": ("cases.case", "confirmed"), "open_suspects": ("cases.case", "to_settle"),
    "open_contacts": ("cases.contact", "followed"), "home_stays": ("quarantine.stay", "at_home"),
    "overdue_findings": ("inspection.finding", "late"), "unmanned_points": ("checkpoints.pointofentry", ""),
    "late_arrivals": ("arrivals.arrival", "not_received"), "residents": ("people.person", "living"),
    "round_coverage": ("testing.testround", ""),
}  # fmt: skip
OF_ROLL = {"on_roll": "of_opening", "undeclared": "silent", "untested_returners": "of_opening",
           "roll_vaccinated": "of_opening", "roll_cases": "of_opening"}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """A criterion as a page shows it: with the rows behind its figure where the officer may read them."""

    verdict: Verdict
    url: str

    @property
    def figure(self) -> str:
        """The figure as it is written; nothing to be counted and not counted yet are said apart."""
        value = self.verdict.figure
        return "" if value is None else f"{value:.1f}".removesuffix(".0")


def community_lines(officer: Any, code: str, verdicts: list[Verdict]) -> list[Line]:
    """The criteria of a community."""
    return [Line(one, _of_community(officer, code, one)) for one in verdicts]


def school_lines(officer: Any, place_id: Any, opening: Any, verdicts: list[Verdict]) -> list[Line]:
    """The requirements of a school."""
    return [Line(one, _of_school(officer, place_id, opening, one)) for one in verdicts]


def _of_community(officer: Any, code: str, verdict: Verdict) -> str:
    measure, options = verdict.criterion.measure, verdict.criterion.options
    if measure == "vaccinated":
        asked = f"?area={code}&disease={options['disease']}"
        return reverse("immunization") + asked if may(officer, Permission.IMMUNIZATION_READ, code) else ""
    if measure == "missed_tests":
        since = today() - timedelta(days=int(options["within_days"]))
        slug, key, value = "testing.testduty", "missed_since", since.isoformat()
    else:
        (slug, key), value = ROWS[measure], ""
    area = "" if measure == "round_coverage" else code
    return named.url(slug, key, value, area) if figures.readable(officer, slug) else ""


def _of_school(officer: Any, place_id: Any, opening: Any, verdict: Verdict) -> str:
    key = OF_ROLL.get(verdict.criterion.measure)
    if key:
        return named.url(ROLL, key, str(opening.pk)) if opening else ""
    if verdict.criterion.measure == "commissioner":
        return ""
    return reverse("key_place", args=["screening.place", place_id]) if may(officer, Permission.INSPECTION_READ) else ""
