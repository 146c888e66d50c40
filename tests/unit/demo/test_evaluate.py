"""Recall and precision count against what happened, not against what was recorded."""

from datetime import timedelta

import numpy as np

from fangxian.demo import evaluate
from fangxian.demo.days import MORNING
from fangxian.demo.evaluate import CaseTruth, Score

QUARTER = 15 * 60


def case_of(small) -> CaseTruth:
    return CaseTruth(small.infections[0].person, MORNING - timedelta(days=8), MORNING)


def test_true_contacts_are_long_meetings_and_the_household(small):
    case = case_of(small)
    true = evaluate.true_contacts(small, case, least_s=QUARTER)
    assert set(small.household(case.person).tolist()) <= true
    assert case.person not in true
    met = small.presence.meetings(case.person, int(case.begins.timestamp()), int(case.ends.timestamp()))
    for person in np.unique(met.person).tolist():
        together = (met.end - met.start)[met.person == person].sum()
        at_home = person in small.household(case.person)
        assert (person in true) == (together >= QUARTER or at_home)


def test_a_list_that_is_the_truth_scores_one(small):
    case = case_of(small)
    found = [(case.person, person) for person in evaluate.true_contacts(small, case, least_s=QUARTER)]
    scored = evaluate.score(small, [case], found, least_s=QUARTER)
    assert (scored.recall, scored.precision) == (1.0, 1.0)
    assert scored.infected_found == scored.infected > 0


def test_missed_and_wrong_contacts_are_counted_apart(small):
    case = case_of(small)
    true = sorted(evaluate.true_contacts(small, case, least_s=QUARTER))
    stranger = int(small.arrivals[0])
    scored = evaluate.score(small, [case], [(case.person, true[0]), (case.person, stranger)], least_s=QUARTER)
    assert scored.recall == 1 / len(true)
    assert scored.precision == 0.5


def test_detected_cases_are_no_contacts_of_each_other(small):
    first = case_of(small)
    other = next(iter(evaluate.true_contacts(small, first, least_s=QUARTER)))
    second = CaseTruth(other, first.begins, first.ends)
    scored = evaluate.score(small, [first, second], [(first.person, other)], least_s=QUARTER)
    assert scored.found == 0


def test_nothing_to_find_and_nothing_found_is_right():
    empty = Score(true=0, found=0, both=0, infected=0, infected_found=0)
    assert (empty.recall, empty.precision) == (1.0, 1.0)
