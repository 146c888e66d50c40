"""Who speaks how often, drawn a line each: x a day with a word, · one without, ! a silence."""

import numpy as np
import pytest

from fangxian.engines.surveillance import silences

EVERY_DAY = "x" * 28
WORKDAYS = "xxxxx··" * 4
HALF = "x·" * 14


def seen(line: str, **rules) -> str:
    spoke = np.array([[cell == "x" for cell in line]])
    (silent,) = silences(spoke, **rules)
    return "".join("!" if quiet else cell for cell, quiet in zip(line, silent, strict=True))


@pytest.mark.parametrize(
    ("before", "newest", "told"),
    [
        (EVERY_DAY, "·", "!"),
        (EVERY_DAY, "··x·", "!!x·"),  # after a silence it takes a day more to be sure
        (WORKDAYS, "", ""),
        (WORKDAYS[:-2], "···", "!!!"),  # the Monday after is one too many, and the weekend was the silence's begin
        (HALF, "··", "··"),  # together with the day before, three: chance may do that
        (HALF, "·····", "!!!!!"),
        ("x··" * 10, "·" * 30, "·" * 30),  # a small clinic may have none for long
        ("", "·····", "·····"),  # nobody has said a word yet
        ("·" * 20 + "x" * 13, "·····", "·····"),  # not long enough to know what is usual
        ("·" * 20 + "x" * 14, "·····", "!!!!!"),
    ],
)
def test_a_day_without_a_word(before, newest, told):
    line = before + newest
    assert seen(line)[len(before) :] == told


def test_a_run_is_a_silence_from_its_first_day():
    assert seen(HALF + "·····").rstrip("!").endswith("x") and seen(WORKDAYS).count("!") == 0


def test_the_usual_is_that_of_the_last_days_before_the_silence():
    """A clinic that opened daily only lately is silent; one that has wound down is not."""
    wound_down = "x" * 60 + "x···" * 10
    assert seen(wound_down + "···")[-10:] == "···x······"
    assert seen("x···" * 10 + EVERY_DAY + "·").endswith("x!")


@pytest.mark.parametrize(("rules", "told"), [({"share": 0.99}, "··"), ({"chance": 0.0001}, "··"), ({"days": 7}, "!!")])
def test_the_rule_is_given(rules, told):
    line = WORKDAYS[:-2] + "··" if rules.get("days") is None else EVERY_DAY + "··"
    assert seen(line, **rules)[-2:] == told


def test_many_at_once():
    spoke = np.array([[True] * 28 + [False], [False, True] * 14 + [False]])
    assert silences(spoke)[:, -1].tolist() == [True, False]
