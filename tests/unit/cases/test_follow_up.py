"""Follow-up as drawn stories: L last contact, s seen, a attempt in vain, o nobody came; one letter a day from day 0."""

from datetime import date, timedelta

import pytest

from fangxian.systems.cases.follow_up import Facts, Visit, follow_up

DAY0 = date(2022, 3, 1)
LETTERS = {"s": Visit.COOPERATIVE, "a": Visit.UNAVAILABLE, "u": Visit.UNCOOPERATIVE}

# days   what happened    lengthened  status       until  seen/due
STORIES = [
    (3, "Looo",           None,       "FOLLOW_UP", 3,     "0/3"),
    (3, "Lsss",           None,       "COMPLETED", 3,     "3/3"),
    (3, "Loos",           None,       "COMPLETED", 3,     "1/3"),
    (3, "Losoo",          None,       "FOLLOW_UP", 3,     "1/3"),
    (3, "Lsos",           5,          "FOLLOW_UP", 5,     "2/3"),
    (3, "Lsosos",         5,          "COMPLETED", 5,     "3/5"),
    (3, "Lsss",           2,          "COMPLETED", 3,     "3/3"),
    (3, "Lssa",           None,       "FOLLOW_UP", 4,     "2/3"),
    (3, "Lssua",          None,       "FOLLOW_UP", 5,     "2/4"),
    (3, "Lssas",          None,       "COMPLETED", 3,     "2/3"),
    (3, "L",              None,       "FOLLOW_UP", 3,     "0/0"),
]  # fmt: skip


@pytest.mark.parametrize(("days", "story", "lengthened", "status", "until", "seen"), STORIES)
def test_stories(days, story, lengthened, status, until, seen):
    visits = {DAY0 + timedelta(n): LETTERS[letter] for n, letter in enumerate(story) if letter in LETTERS}
    until_by_hand = DAY0 + timedelta(lengthened) if lengthened else None
    facts = Facts(days=days, last_contact=DAY0, visits=visits, lengthened=until_by_hand)
    answer = follow_up(facts, DAY0 + timedelta(len(story) - 1))
    assert (answer.status, answer.until, f"{answer.seen}/{answer.due}") == (status, DAY0 + timedelta(until), seen)


# last contact  sampled  reported   start
STARTS = [
    (1,         2,       3,         1),
    (None,      2,       3,         2),
    (None,      None,    3,         3),
    (None,      None,    None,      None),
]  # fmt: skip


@pytest.mark.parametrize(("last", "sampled", "reported", "start"), STARTS)
def test_which_date_starts_it(last, sampled, reported, start):
    day = [DAY0 + timedelta(n) if n is not None else None for n in (last, sampled, reported, start)]
    answer = follow_up(Facts(days=7, last_contact=day[0], sampled=day[1], reported=day[2]), DAY0)
    assert (answer.start, answer.status) == (day[3], "FOLLOW_UP")
    assert answer.until == (day[3] + timedelta(7) if day[3] else None)
    assert answer.completeness is None


# days  contact      lost   status
STATES = [
    (None, "ACTIVE",    False, "NO_FOLLOW_UP"),
    (7,    "CONVERTED", False, "CANCELED"),
    (7,    "DROPPED",   False, "CANCELED"),
    (7,    "ACTIVE",    True,  "LOST"),
]  # fmt: skip


@pytest.mark.parametrize(("days", "contact", "lost", "status"), STATES)
def test_how_it_stands(days, contact, lost, status):
    facts = Facts(days=days, last_contact=DAY0, status=contact, lost=lost)
    assert follow_up(facts, DAY0).status == status


def test_completed_although_most_days_were_missed_is_reported_beside():
    facts = Facts(days=4, last_contact=DAY0, visits={DAY0 + timedelta(4): Visit.COOPERATIVE})
    answer = follow_up(facts, DAY0 + timedelta(9))
    assert (answer.status, answer.completeness) == ("COMPLETED", 0.25)
