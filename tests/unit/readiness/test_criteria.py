"""The criteria of an epidemic-free community as a drawn table: evidence in the village, the figure, the verdict."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fangxian.core.areas import Area
from fangxian.core.clock import now
from fangxian.systems.cases.models import Case
from fangxian.systems.readiness import rules
from fangxian.systems.readiness.models import EpidemicFree
from fangxian.workflows import epidemic_free
from tests.unit.readiness.conftest import CELL, OTHER, VILLAGE

pytestmark = pytest.mark.django_db


def rows(drawn: str) -> list[tuple[str, str, float | None, bool]]:
    """criterion | evidence | figure (- none) | holds"""
    found = []
    for line in drawn.strip().splitlines()[1:]:
        key, evidence, figure, holds = (part.strip() for part in line.split("|"))
        found.append((key, evidence, None if figure == "-" else float(figure), holds == "yes"))
    return found


TABLE = """
criterion         | evidence                                            | figure | holds
no_case           |                                                     | -      | yes
no_case           | h.case(13)                                          | 13     | no
no_case           | h.case(14)                                          | 14     | yes
no_case           | h.case(40); h.case(3)                               | 3      | no
no_case           | h.case(0, 'CONFIRMED_NO_SYMPTOMS')                  | 0      | no
no_case           | h.case(0, 'NO_CASE')                                | -      | yes
no_case           | h.case(0, 'SUSPECT')                                | -      | yes
no_case           | o.case(0)                                           | -      | yes
no_suspect        | h.case(0, 'SUSPECT')                                | 1      | no
no_suspect        | h.case(0, 'PROBABLE', outcome='RECOVERED')          | 0      | yes
no_suspect        | h.case(20)                                          | 0      | yes
no_contact        | h.contact(o.case(1))                                | 1      | no
no_contact        | h.contact(o.case(1), follow_up='COMPLETED')         | 0      | yes
no_contact        | h.contact(o.case(1), status='DROPPED')              | 0      | yes
no_contact        | o.contact(h.case(30))                               | 0      | yes
no_home_isolation | h.home()                                            | 1      | no
no_home_isolation | h.home('RELEASED')                                  | 0      | yes
no_home_isolation | h.home(place='CENTRAL')                             | 0      | yes
round             |                                                     | -      | yes
round             | h.round(95, 100)                                    | 95     | yes
round             | h.round(94, 100)                                    | 94     | no
round             | h.round(10, 100, days_ago=8)                        | -      | yes
round             | h.round(10, 100, state='PLANNED')                   | -      | yes
round             | h.round(10, 100, days_ago=3); h.round(99, 100)      | 99     | yes
round             | h.round(10, 100, area='410883001'); o.round(99, 99) | 10     | no
vaccinated_60     |                                                     | -      | yes
vaccinated_60     | h.elder(True)                                       | 100    | yes
vaccinated_60     | h.elder(True); h.elder(False)                       | 50     | no
findings          | h.finding(1)                                        | 1      | no
findings          | h.finding(-1)                                       | 0      | yes
checkpoints       | h.point(manned=False)                               | 1      | no
checkpoints       | h.point(manned=True)                                | 0      | yes
arrivals          | h.arrival(1)                                        | 1      | no
arrivals          | h.arrival(-1)                                       | 0      | yes
arrivals          | h.arrival(1, 'RECEIVED')                            | 0      | yes
tests             | h.duty('MISSED')                                    | 1      | no
tests             | h.duty('DUE')                                       | 1      | no
tests             | h.duty('DONE')                                      | 0      | yes
tests             | h.duty('MISSED', 9)                                 | 0      | yes
residents         | h.person()                                          | 1      | yes
residents         |                                                     | 0      | no
"""


@pytest.mark.parametrize(("key", "evidence", "figure", "holds"), rows(TABLE))
def test_each_criterion_follows_from_its_evidence(key, evidence, figure, holds, hand, other):
    exec(evidence, {"h": hand, "o": other})  # our own table above
    verdict = next(one for one in epidemic_free.judge("410883", [VILLAGE, OTHER])[VILLAGE] if one.criterion.key == key)
    assert (verdict.figure, verdict.met) == (figure, holds)
    alone = next(one for one in epidemic_free.judge_one(VILLAGE) if one.criterion.key == key)
    assert (alone.figure, alone.met) == (figure, holds)


def test_the_table_draws_every_criterion_both_ways(noon):
    drawn = {(key, holds) for key, _evidence, _figure, holds in rows(TABLE)}
    asked = {one.key for one in rules.criteria(rules.pack_of("410883"))}
    assert drawn == {(key, holds) for key in asked for holds in (True, False)}


def test_a_cell_is_judged_by_its_own_rows(hand):
    hand.home()
    met = {code: {one.criterion.key: one.met for one in verdicts}
           for code, verdicts in epidemic_free.judge(VILLAGE, [CELL, CELL[:-1] + "2"]).items()}  # fmt: skip
    assert met[CELL]["no_home_isolation"] is False
    assert met[CELL[:-1] + "2"]["no_home_isolation"] is True


def test_the_number_of_statements_does_not_grow_with_communities(hand, other):
    codes = [Area.objects.create(code=f"410883001{n:03d}", name=f"村{n}", kind="village", parent_id="410883001").code
             for n in range(300, 340)]  # fmt: skip
    hand.round(90, 100)
    epidemic_free.judge("410883", [VILLAGE])
    with CaptureQueriesContext(
        connection,
    ) as few:
        epidemic_free.judge("410883", [VILLAGE, OTHER])
    with CaptureQueriesContext(connection) as many:
        epidemic_free.judge("410883", [VILLAGE, OTHER, *codes])
    assert len(many) == len(few)


def test_what_nobody_has_counted_shows_nothing():
    criterion = rules.Criterion("k", "m", "t", at_least=1, unknown=True)
    assert rules.Verdict(criterion, None).met
    assert not rules.Verdict(criterion, None, known=False).met


def test_a_case_of_an_hour_ago_counts_by_the_local_day(hand):
    hand.case(0)
    Case.unscoped.update(positive_at=now() - timedelta(hours=13))  # before midnight in Beijing
    assert epidemic_free.judge_one(VILLAGE)[0].figure == 1
    assert EpidemicFree.unscoped.count() == 0
