"""An epidemic-free community (无疫小区), from the application to the moment the evidence ends it.

Read downwards: each criterion of the pack is computed from what other systems hold (`judge`); a community in which all
hold applies (`apply`); somebody above it grants the status on the evidence of that moment (`approve`). From then on
every open application and every status is judged again (`look`): every five minutes with the other clocks, so also at
night, and at once when a case, a contact or a result comes in (`follow_…`). What a broken criterion ends is told: a
task to whoever answers, a reason on the page, a day from which to apply again.

Nobody types a status. Running any of it again is harmless: a check that finds nothing writes nothing, a task is known
by its row.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.utils import translation
from django.utils.translation import gettext_noop

from fangxian.core import jobs, modes, scope
from fangxian.core.areas import Area, county_of
from fangxian.core.areas import path as path_of
from fangxian.core.clock import now
from fangxian.core.officers import Officer
from fangxian.core.policy import Pack
from fangxian.core.roles import TownshipOfficer, VillageSecretary
from fangxian.systems.cases.announcements import contacts_decided
from fangxian.systems.cases.models import Case, Contact
from fangxian.systems.command import services as command
from fangxian.systems.readiness import rules, selectors, services
from fangxian.systems.readiness.models import EpidemicFree
from fangxian.systems.readiness.rules import Criterion, Verdict
from fangxian.systems.testing.announcements import results_changed
from fangxian.workflows.readiness.figures import MEASURES, Asked

WHY = "a community is judged by what any system holds about it, whoever may read those rows"
JOB = "readiness.look"
State = EpidemicFree.State

REVOKED = gettext_noop("%(community)s is not epidemic-free any more")
REVOKED_HOW = gettext_noop("Not met: %(criteria)s. It may apply again from %(day)s. Say what is done about it.")
EXPIRED = gettext_noop("The status of %(community)s has run out")
EXPIRED_HOW = gettext_noop("Its time is over. It may apply anew at once.")
REFUSED = gettext_noop("The application of %(community)s is not granted")
REFUSED_HOW = gettext_noop("Not met: %(criteria)s. It may apply anew when all criteria hold.")
TOLD: Mapping[str, tuple[str, str]] = {
    State.REVOKED: (REVOKED, REVOKED_HOW), State.EXPIRED: (EXPIRED, EXPIRED_HOW), State.REFUSED: (REFUSED, REFUSED_HOW),
}  # fmt: skip

Judged = dict[str, list[Verdict]]
"""By code of a community: its verdicts in the order of the pack."""


def judge(area_code: str, codes: Sequence[str], pack: Pack | None = None, at: datetime | None = None) -> Judged:
    """Every criterion for every one of these communities of an area.

    Communities under the same pack (a pack differs by mode) are judged together: the number of statements is that of
    the measures, whatever the number of communities. Reads everywhere: a figure of a community is not less because its
    reader may not read the rows.
    """
    found: Judged = {}
    with scope.everywhere(WHY), modes.remembered():
        for held, under in _by_pack(codes, pack):
            found |= _judged(area_code, under, rules.criteria(held), at or now())
    return {code: found[code] for code in codes}


def _judged(area_code: str, codes: Sequence[str], criteria: Sequence[Criterion], at: datetime) -> Judged:
    found: Judged = {code: [] for code in codes}
    for criterion in criteria:
        figures = MEASURES[criterion.measure](Asked(area_code, tuple(codes), at, criterion.options))
        for code, verdicts in found.items():
            verdicts.append(Verdict(criterion, figures.get(code), known=code in figures))
    return found


def judge_one(area_code: str) -> list[Verdict]:
    """Every criterion for one community."""
    return judge(area_code, [area_code])[area_code]


def apply(*, by: Officer | None, area: Area, note: str = "", source: str = "web") -> EpidemicFree:
    """A community applies; what is not met is named in the ValidationError."""
    return services.apply(by=by, area=area, note=note, source=source, verdicts=judge_one(area.code))


def approve(*, row: EpidemicFree, by: Officer) -> EpidemicFree:
    """Grant the status on the evidence of this moment. Raises Refused, ValidationError."""
    return services.approve(row=row, by=by, verdicts=judge_one(row.area_id))


def look(area_code: str = "") -> dict[str, int]:
    """Judge all open applications and every status of an area again; returns how many ended, by what they became.

    Runs inside a scope that reaches everywhere. Each row is a transaction of its own: none holds up another.
    """
    ended: dict[str, int] = {}
    for county, rows in _by_county(selectors.open_rows(area_code)).items():
        judged = judge(county, [row.area_id for row in rows])
        for row in rows:
            after = take_check(row, judged[row.area_id])
            if after.state != row.state:
                ended[after.state] = ended.get(after.state, 0) + 1
    return ended


def take_check(row: EpidemicFree, verdicts: Sequence[Verdict]) -> EpidemicFree:
    """What a check found about one row; where it ends the row, whoever answers is told in the same transaction."""
    with transaction.atomic():
        after = services.take_community_check(row=row, verdicts=verdicts)
        if after.state != row.state:
            tell(after, verdicts)
    return after


def tell(row: EpidemicFree, verdicts: Sequence[Verdict]) -> None:
    """Hand down the notice: to the secretary of the community and, for a revocation, to the township above it."""
    title, instructions = TOLD[row.state]
    pack = rules.pack_of(row.area_id)
    keys = {one.criterion.key for one in rules.broken(verdicts)}
    with translation.override(settings.LANGUAGE_CODE):
        named = "；".join(one.text for one in rules.criteria(pack) if one.key in keys)
    params = {"community": row.area.name, "criteria": named, "day": str(row.again_from or "")}
    due_at = now() + rules.time_to_answer(pack)
    for area, role in answering(row.area, above=row.state == State.REVOKED):
        command.hand_down(
            by=None, area=area, role=role, title=title, instructions=instructions, params=params, due_at=due_at,
            key=f"readiness.{row.state}:{row.pk}:{role}", subject=row, from_area=county_of(row.area_id),
            source="workflow",
        )  # fmt: skip


def answering(area: Area, *, above: bool) -> list[tuple[Area, str]]:
    """Who answers for a community: its secretary; and above it the township."""
    towns = [one for one in path_of(area) if one.kind == Area.Kind.TOWNSHIP]
    return [(area, VillageSecretary.key), *((town, TownshipOfficer.key) for town in towns if above)]


@jobs.job(JOB)
def look_job(job: jobs.Job, area_code: str = "") -> dict[str, Any]:
    """The same as a job: queued in the transaction of the act that may have broken a criterion."""
    with scope.everywhere(WHY):
        return {"ended": look(area_code)}


@receiver(post_save, sender=Case)
@receiver(post_save, sender=Contact)
def follow_record(sender: Any, instance: Any, raw: bool = False, **_named: Any) -> None:
    """A case or a contact was entered or changed, by whatever way: judge its county again if anything is at stake."""
    if not raw:
        queue(instance.area_id[:6])


@receiver(results_changed)
@receiver(contacts_decided)
def follow_announcement(sender: Any, **_named: Any) -> None:
    """Results came to stand or two officers decided about contacts: judge what is at stake anywhere."""
    queue("")


def queue(area_code: str) -> None:
    """Have an area looked at, where it has anything to lose; waiting jobs of one area are one."""
    if selectors.watched_in(area_code):
        jobs.enqueue(JOB, by=None, key=area_code or "all", area_code=area_code)


def _by_pack(codes: Iterable[str], pack: Pack | None) -> list[tuple[Pack, list[str]]]:
    """Communities by the pack that holds for them; all of them under one that is given."""
    found: dict[str, tuple[Pack, list[str]]] = {}
    for code in codes:
        held = pack or rules.pack_of(code)
        found.setdefault(held.version, (held, []))[1].append(code)
    return list(found.values())


def _by_county(rows: Iterable[EpidemicFree]) -> dict[str, list[EpidemicFree]]:
    """Rows by the county that is judged in one go."""
    found: dict[str, list[EpidemicFree]] = {}
    for row in rows:
        found.setdefault(row.area_id[:6], []).append(row)
    return found


__all__ = ["JOB", "apply", "approve", "judge", "judge_one", "look", "look_job", "queue", "take_check", "tell"]
