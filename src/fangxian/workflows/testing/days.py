"""The must-test round of every day by itself, and the look at the rounds under way every few minutes.

A day's round is planned with the day (`plan_days`) and opened at its hour (`look`), so that tests planned until then
are on its roster. The day after, it is finished; results that come later make its figures anew (`settle_late`).
"""

from collections.abc import Iterator
from datetime import date

from fangxian.core import policy, scope
from fangxian.core.areas import Area
from fangxian.core.clock import now, today
from fangxian.core.policy.files import ANY_DISEASE
from fangxian.systems.testing import groups, services
from fangxian.systems.testing import selectors as testing
from fangxian.systems.testing.models import TestRound
from fangxian.workflows import testing_round

WHY = testing_round.WHY
DISEASE = "testing.must_test.disease"
Kind, State = TestRound.Kind, TestRound.State


def plan_days(day: date | None = None) -> dict[str, int]:
    """Finish the must-test rounds that are over, plan those of a day (today); returns how many of each.

    One a county that has lists in force or planned tests, for the disease its pack names (`testing.must_test.disease`;
    empty: none). Run again, the same rounds are the answer.
    """
    on = day or today()
    with scope.everywhere(WHY):
        over = testing.rounds_in(State.OPEN, kind=Kind.DUTY, ended_by=now())
        for test_round in over:
            testing_round.finish(by=None, round_id=test_round.pk)
        known = {(row.area_id, row.disease) for row in testing.must_test_rounds(on)}
        wanted = [one for one in _wanted(on) if (one[0].pk, one[1]) not in known]
        for area, disease in wanted:
            services.plan_must_test(by=None, area=area, disease=disease, day=on)
        return {"finished": len(over), "planned": len(wanted)}


def look() -> dict[str, int]:
    """Open the must-test rounds whose hour has come; call whoever was not called from a positive pool yet."""
    with scope.everywhere(WHY):
        begun = testing.rounds_in(State.PLANNED, kind=Kind.DUTY, begun_by=now())
        for test_round in begun:
            testing_round.begin(by=None, round_id=test_round.pk)
        under_way = testing.rounds_in(State.OPEN)
        pools = sum(testing_round.follow_pools(by=None, round_id=row.pk) for row in under_way)
        return {"opened": len(begun), "open_pools": pools}


def _wanted(on: date) -> Iterator[tuple[Area, str]]:
    """County and disease of each round of a day that would not be empty."""
    for area in testing.counties_with_lists(on):
        disease = str(policy.pack(disease=ANY_DISEASE, area_code=area.pk, on=on).get(DISEASE, ""))
        if not disease:
            continue
        due = groups.due(area.pk, on, groups.all_groups(area.pk, on, disease)).values()
        if any(rows.exists() for rows in due) or groups.planned(area.pk, on, disease).exists():
            yield area, disease
