"""What a night decides: channels put together, what is rare among many, who leads, which area keeps it."""

from datetime import date

import numpy as np
import pytest

from fangxian.engines.surveillance import (
    Channel,
    Rules,
    Seen,
    Unlikely,
    explained,
    fisher,
    heard,
    least_of,
    rare,
    spoken,
)

GAP = np.nan
DAY = date(2026, 3, 14)
KIN = {"flu": "respiratory", "mumps": "respiratory"}
PARENTS = {"c1": "c", "c2": "c"}


def channel(area: str, subject: str, *newest: float, name: str = "CASES", days: int = 3, quiet: int = 0) -> Channel:
    past = np.random.default_rng(3).uniform(size=quiet)
    return Channel(area, subject, name, np.concatenate([past, newest]), days)


def seen(subject: str = "flu", observed: float = 9, expected: float = 2, p: float = 0.001, **more) -> Seen:
    named = {"area": "c1", "channel": "CASES", "bound": expected + 4, "first": DAY, "last": DAY, **more}
    return Seen(subject=subject, observed=observed, expected=expected, p=p, **named)


# --- heard ---


def test_channels_of_a_subject_are_put_together_and_a_missing_one_is_left_out():
    given = [
        channel("c1", "flu", 0.2, 0.1),
        channel("c1", "flu", GAP, 0.3, name="CALLS"),
        channel("c2", "flu", 0.5, 0.5),
    ]
    found = heard(given, KIN)
    assert found.keys == (("c1", "flu"), ("c2", "flu"))
    wanted = np.array([fisher(np.array([0.2, 0.1, 0.3])), fisher(np.array([0.5, 0.5]))])
    assert found.theory[:, 1] == pytest.approx(wanted)


def test_a_syndrome_hears_its_diseases_as_one_channel_and_is_none_without_its_own():
    diseases = [
        channel("c1", "flu", 0.02, days=1),
        channel("c1", "mumps", 0.6, days=1),
        channel("c1", "hepatitis", 0.001),
    ]
    visits = channel("c1", "respiratory", 0.1, name="VISITS")
    assert [subject for _area, subject in heard(diseases, KIN).keys] == ["flu", "hepatitis", "mumps"]
    found = heard([*diseases, visits], KIN)
    wanted = float(fisher(np.array([0.1, float(least_of(np.array([0.02, 0.6])))])))
    assert found.theory[found.keys.index(("c1", "respiratory")), 0] == pytest.approx(wanted)
    alone = heard([channel("c2", "respiratory", 0.1, name="VISITS"), *diseases], KIN)
    assert alone.theory[alone.keys.index(("c2", "respiratory")), 0] == pytest.approx(0.1)


def test_a_day_is_held_against_the_past_of_its_subject_in_all_areas():
    calm = channel("c1", "flu", 0.01, days=1, quiet=200)
    jumpy = Channel("c1", "mumps", "CASES", np.append(np.random.default_rng(4).uniform(size=200) ** 6, 0.01), 1)
    found = heard([calm, jumpy], {})
    flu, mumps = found.chances()
    assert flu == pytest.approx(0.01, rel=0.7) and mumps > 0.3
    assert np.array_equal(found.chances(200), found.chances()) and found.chances(100)[0] > 0.01


def test_nothing_is_heard_of_nothing():
    assert heard([], KIN).keys == () and heard([], KIN).chances().tolist() == []


# --- rare ---


def test_the_level_follows_from_how_many_are_looked_at():
    p = np.array([0.001, 0.002, 0.009, GAP])
    assert rare(p, Rules()).tolist() == [True, True, True, False]
    many = np.concatenate([p, np.full(96, GAP)])  # too few cases to judge: looked at all the same
    assert rare(many, Rules(a_week=1)).nonzero()[0].tolist() == [0]
    assert rare(many, Rules(a_week=2)).nonzero()[0].tolist() == [0, 1]
    assert not rare(p, Rules(alpha=0.0005)).any()


def test_what_is_left_after_the_number_of_series():
    p = np.full(100, 0.5)
    p[0] = 0.009
    assert rare(p, Rules(a_week=100)).sum() == 0  # the least of a hundred is often as small
    p[:10] = 0.009
    assert rare(p, Rules(a_week=100)).sum() == 10


# --- spoken ---


def test_the_least_likely_channel_with_an_excess_leads():
    cases, calls, silent = seen(p=0.01), seen(p=0.002, channel="CALLS"), seen(p=GAP, channel="VISITS")
    found = spoken([silent, cases, calls], 1e-5, Rules())
    assert (found.loud, found.others, found.p) == (calls, (cases, silent), 1e-5)


@pytest.mark.parametrize("quiet", [{"observed": 2.0, "expected": 0.1}, {"expected": 9.5}, {"p": GAP}])
def test_too_few_too_usual_or_unjudged_lead_nothing(quiet):
    assert spoken([seen(**quiet)], 1e-5, Rules()) is None
    assert spoken([seen(**quiet), seen(channel="CALLS")], 1e-5, Rules()).loud.channel == "CALLS"


def test_an_unknown_expectation_is_none():
    assert seen(expected=GAP).excess == 9
    assert Unlikely(0.01, seen(expected=GAP, bound=GAP)).excess()[5:7] == (0.0, 0.0)


# --- explained ---


def unlikely(area: str, observed: float, *others: Seen, **more) -> Unlikely:
    return Unlikely(0.001, seen(area=area, observed=observed, **more), others)


def test_the_lowest_area_that_explains_an_excess_keeps_it():
    whole, part = unlikely("c", 30, expected=20), unlikely("c1", 14, expected=2)
    assert explained([whole, part], PARENTS) == [part]
    assert explained([unlikely("c", 60, expected=20), part], PARENTS)[0].loud.area == "c"


def test_areas_are_compared_in_the_channel_that_leads_above():
    """A township led by its calls explains the county's cases with its own cases, not with calls."""
    whole = unlikely("c", 30, expected=20)
    calls = seen(area="c1", observed=500, expected=100, channel="CALLS", p=1e-6)
    with_cases = Unlikely(0.001, calls, (seen(area="c1", observed=14, expected=2),))
    assert explained([whole, with_cases], PARENTS) == [with_cases]
    assert explained([whole, Unlikely(0.001, calls)], PARENTS) == [whole, Unlikely(0.001, calls)]
