"""A round keeps account of everybody: roster, registrations, results, excuses, losses; the figures follow each move."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fangxian.core import audit
from fangxian.core.areas import Area
from fangxian.core.clock import now
from fangxian.core.ids import uuid7
from fangxian.systems.people.models import Person
from fangxian.systems.testing import coverage, groups, services
from fangxian.systems.testing.models import (
    GroupMember,
    LabAccident,
    LabResult,
    RoundMember,
    Sample,
    SamplingPoint,
    TestDuty,
    Tube,
)
from fangxian.systems.testing.services import Registration

DISEASE = "covid19"
State = RoundMember.State


@pytest.fixture
def point(village) -> SamplingPoint:
    """A point at the village square."""
    return SamplingPoint.objects.create(area=village, name="Square", code="P1")


@pytest.fixture
def a_round(village, people):
    """Factory: `a_round(10)` is an open round of ten people, begun two hours ago."""

    def make(count: int = 4, **values):
        people(count)
        planned = services.plan_round(
            by=None, area=village, name="Round 1", disease=DISEASE,
            begins_at=now() - timedelta(hours=2), ends_at=now() + timedelta(hours=6), **values,
        )  # fmt: skip
        return services.open_round(by=None, test_round=planned)

    return make


@pytest.fixture
def swab(point):
    """Factory: `swab("T1 0 1 2", "T2 3")` registers people by number into tubes; `size=`; gives the answer."""

    def register(*tubes: str, size: int = 10, at=None, ids=uuid7):
        persons = list(Person.objects.order_by("pk"))
        rows = []
        for text in tubes:
            barcode, *numbers = text.split()
            rows += [
                Registration(len(rows) + n, ids(), persons[int(number)].pk, barcode, size, point.pk,
                             at or now() - timedelta(hours=1))
                for n, number in enumerate(numbers)
            ]  # fmt: skip
        return services.register_samples(rows, by=None)

    return register


@pytest.fixture
def found():
    """Factory: `found("T1", "POSITIVE")` is a laboratory's word on a tube."""

    def enter(barcode: str, value: str) -> LabResult:
        return services.enter_result(
            by=None, barcode=barcode, disease=DISEASE, value=value, tested_at=now(), laboratory="L"
        )

    return enter


def told(test_round) -> str:
    """The round's figures, drawn; and the law that explains every person."""
    figures = coverage.figures(test_round)
    assert figures.tested + figures.missing + figures.excused == figures.roster
    assert coverage.drift(test_round) == 0
    names = ("missing", "pending", "negative", "positive", "recall", "excused", "others")
    return " ".join(f"{name}={getattr(figures, name)}" for name in names if getattr(figures, name))


def test_the_roster_is_everybody_who_lives_there(a_round, village):
    gone = Person.objects.create(area=village, name="Gone", id_type="NONE", left_on=now().date())
    opened = a_round(5)
    assert told(opened) == "missing=5"
    assert not RoundMember.objects.filter(person=gone).exists()


def test_opening_again_is_the_same_round(a_round):
    opened = a_round(3)
    assert services.open_round(by=None, test_round=opened) == opened
    assert told(opened) == "missing=3"


def test_registered_means_pending_and_sending_again_changes_nothing(a_round, swab):
    opened = a_round(4)
    ids = [uuid7(), uuid7()]
    first = swab("T1 0 1", ids=iter([*ids]).__next__)
    again = swab("T1 0 1", ids=iter([*ids]).__next__)
    assert (len(first.new), len(again.new), len(again.known)) == (2, 0, 2)
    assert told(opened) == "missing=2 pending=2"
    assert [hour[1] for hour in coverage.by_hour(opened)] == [2]


def test_a_registration_has_one_audit_row_a_set(a_round, swab):
    a_round(4)
    swab("T1 0 1 2")
    rows = audit.AuditEntry.objects.filter(action="testing.sample.registered")
    assert [row.detail["rows"] for row in rows] == [3]


def test_a_sample_entered_at_a_form_counts_as_one_of_a_point(a_round, swab, found, people):
    """Its tube counts like the others: one negative of two does not settle a person."""
    test_round = a_round(3)
    swab("T1 0", "T2 1")
    persons = list(Person.objects.order_by("pk"))
    services.add_samples(by=None, tube="T1", persons=[persons[1], persons[2], *people(1)], sampled_at=now())
    assert told(test_round) == "pending=3 others=1"
    found("T2", "NEGATIVE")
    assert told(test_round) == "pending=3 others=1"
    found("T1", "NEGATIVE")
    assert told(test_round) == "negative=3 others=1"


@pytest.mark.sqlite_only  # plans are told differently elsewhere
def test_a_set_reads_its_people_and_never_the_round(a_round, swab, found):
    """Whoever waits already made every set read all samples of the round: a million registrations took hours."""
    a_round(3)
    swab("T1 0 1")
    with CaptureQueriesContext(connection) as asked:
        swab("T2 1", "T3 0 2")
        found("T1", "NEGATIVE")
    with connection.cursor() as cursor:
        for query in [row["sql"] for row in asked if row["sql"].startswith("SELECT")]:
            cursor.execute(f"EXPLAIN QUERY PLAN {query}")
            plan = [line[3] for line in cursor.fetchall()]
            assert not [line for line in plan if "round_id=?" in line or line.startswith("SCAN testing_sample")], query


def test_one_registration_is_refused_in_words_and_noted(a_round, swab, point):
    a_round(3)
    swab("T1 0 1", size=5)
    row = Registration(0, uuid7(), Person.objects.order_by("pk")[2].pk, "T1", 10, point.pk, now())
    with pytest.raises(ValidationError) as refused:
        services.register_sample(row, by=None, source="web")
    assert refused.value.message_dict == {"size": ["One barcode with two sizes"]}
    assert LabAccident.objects.get().kind == "TUBE_OTHER_SIZE"


def test_results_move_everybody_in_the_tube(a_round, swab, found):
    opened = a_round(6)
    swab("T1 0 1 2", "T2 3 4")
    found("T1", "NEGATIVE")
    assert told(opened) == "missing=1 pending=2 negative=3"
    found("T2", "POSITIVE")
    assert told(opened) == "missing=1 negative=3 recall=2"


def test_a_pool_is_resolved_by_samples_of_their_own(a_round, swab, found):
    opened = a_round(3)
    swab("T1 0 1 2")
    found("T1", "POSITIVE")
    assert [pool.open_count for pool in coverage.pools(opened)] == [3]
    swab("S0 0", "S1 1", "S2 2", size=1, at=now())
    assert told(opened) == "recall=3"
    found("S0", "NEGATIVE")
    found("S1", "POSITIVE")
    assert told(opened) == "negative=1 positive=1 recall=1"
    found("S2", "NEGATIVE")
    assert told(opened) == "negative=2 positive=1"
    assert [pool.resolved for pool in coverage.pools(opened)] == [True]
    assert not LabAccident.objects.exists()


def test_a_withdrawn_result_takes_its_people_back(a_round, swab, found):
    opened = a_round(3)
    swab("T1 0 1 2")
    wrong = found("T1", "POSITIVE")
    services.withdraw(wrong, by=None, reason="wrong tube")
    assert told(opened) == "pending=3"
    found("T1", "NEGATIVE")
    assert told(opened) == "negative=3"


def test_a_contradiction_is_no_word_until_it_is_decided(a_round, swab, found, officer):
    opened = a_round(2)
    swab("T1 0 1")
    found("T1", "NEGATIVE")
    second = found("T1", "POSITIVE")
    assert told(opened) == "pending=2"
    for one in (officer("investigator"), officer("investigator")):
        services.decide(second, by=one, opinion="IN_FORCE", reason="repeat test")
    assert told(opened) == "recall=2"


def test_a_lost_tube_makes_its_people_missing_and_a_found_one_gives_them_back(a_round, swab):
    opened = a_round(3)
    swab("T1 0 1")
    tube = Tube.objects.get(barcode="T1")
    assert services.lose_tubes(by=None, tubes=[tube], reason="fell into the river") == 1
    assert told(opened) == "missing=3"
    reasons = coverage.reasons(opened)["missing"]
    assert reasons == {"": 1, "TUBE_LOST": 2}
    services.find_tube(by=None, tube=tube)
    assert told(opened) == "missing=1 pending=2"


def test_a_person_beyond_the_roster_is_taken_and_never_counted_in(a_round, swab, people, found):
    opened = a_round(2)
    people(1)
    swab("T1 0 2")
    assert told(opened) == "missing=1 pending=1 others=1"
    found("T1", "NEGATIVE")
    assert told(opened) == "missing=1 negative=1 others=1"


def test_who_is_excused_is_neither_missing_nor_tested(a_round, swab):
    opened = a_round(4)
    ids = list(Person.objects.order_by("pk").values_list("pk", flat=True))
    assert services.excuse(by=None, test_round=opened, person_ids=ids[:2], reason="VACCINATED") == 2
    assert told(opened) == "missing=2 excused=2"
    swab("T1 0")
    assert told(opened) == "missing=2 pending=1 excused=1"
    assert services.unexcuse(by=None, test_round=opened, person_ids=ids) == 1
    assert services.explain(by=None, test_round=opened, person_ids=ids, reason="AWAY") == 3
    assert coverage.reasons(opened)["missing"] == {"AWAY": 3}
    with pytest.raises(ValidationError, match="not a reason"):
        services.explain(by=None, test_round=opened, person_ids=ids, reason="VACCINATED")
    with pytest.raises(ValidationError, match="does not excuse"):
        services.excuse(by=None, test_round=opened, person_ids=ids, reason="AWAY")


def test_a_recent_negative_excuses_by_the_pack(a_round, tube, enter):
    tube("OLD")
    enter("OLD", "NEGATIVE")
    opened = a_round(2)
    assert services.excuse_tested(by=None, test_round=opened) == 1
    assert told(opened) == "missing=2 excused=1"


def test_closing_explains_everybody_and_may_be_repeated(a_round, swab, found):
    opened = a_round(5)
    swab("T1 0 1", "T2 2")
    found("T1", "NEGATIVE")
    closed = services.close_round(by=None, test_round=opened)
    total = closed.closing["total"]
    assert (total["roster"], total["negative"], total["pending"], total["missing"]) == (5, 2, 1, 2)
    found("T2", "NEGATIVE")
    again = services.close_round(by=None, test_round=closed)
    assert again.closing["total"]["negative"] == 3
    assert again.closed_at == closed.closed_at
    with pytest.raises(ValidationError, match="not in a state"):
        services.excuse(by=None, test_round=again, person_ids=[], reason="MEDICAL")
    assert services.reopen_round(by=None, test_round=again, reason="too early").state == "OPEN"


def test_the_groups_of_the_pack_give_the_list_of_a_day(village, people):
    persons = people(420)
    for one, turn in zip(persons, range(420), strict=True):
        Person.objects.filter(pk=one.pk).update(name=f"N{turn}")
    rows = [GroupMember(area=village, person=one, group="school") for one in persons]
    GroupMember.objects.bulk_create(rows)
    day = now().date()
    school = next(group for group in groups.all_groups(village.code) if group.key == "school")
    due = [set(groups.due(village.code, day + timedelta(n), [school])["school"].values_list("person", flat=True))
           for n in range(5)]  # fmt: skip
    assert set.union(*due) == {one.pk for one in persons}
    assert sum(len(part) for part in due) == 420


def test_a_must_test_round_lists_whose_turn_it_is_once(village, people):
    persons = people(3)
    GroupMember.objects.bulk_create(
        [
            GroupMember(area=village, person=persons[0], group="fever_clinic"),
            GroupMember(area=village, person=persons[0], group="cold_chain"),
            GroupMember(area=village, person=persons[1], group="cold_chain", until_on=now().date() - timedelta(1)),
        ]
    )
    services.plan_duties([services.PlannedTest(persons[2], DISEASE, now().date(), 1, "central")], by=None)
    planned = services.plan_must_test(by=None, area=village, disease=DISEASE, day=now().date())
    opened = services.open_round(by=None, test_round=planned)
    assert {group: found.roster for group, found in coverage.by_group(opened).items()} == {
        "fever_clinic": 1, "planned": 1
    }  # fmt: skip


def test_a_planned_test_is_done_by_the_registration(a_round, swab):
    a_round(2)
    person = Person.objects.order_by("pk").first()
    services.plan_duties([services.PlannedTest(person, DISEASE, now().date(), 1, "central")], by=None)
    swab("T1 0 1")
    assert TestDuty.objects.get().state == "DONE"


def test_a_tube_registered_beforehand_joins_the_round(a_round, swab, village):
    opened = a_round(2)
    services.register_tube(by=None, area=village, barcode="T9", size=10)
    assert len(swab("T9 0 1").new) == 2
    assert Tube.objects.get(barcode="T9").round == opened


def test_no_round_and_no_point_are_refused_by_row(village, people, point, swab):
    people(1)
    person = Person.objects.get()
    assert [(word.field, word.reason) for word in swab("T1 0").refused] == [("point", "no_round")]
    stray = Registration(0, uuid7(), person.pk, "T1", 10, uuid7(), now())
    assert [word.reason for word in services.register_samples([stray], by=None).refused] == ["unknown"]
    elsewhere = Registration(0, uuid7(), person.pk, "T1", 10, point.pk, now(), within="410882")
    assert [word.reason for word in services.register_samples([elsewhere], by=None).refused] == ["unknown"]
    assert services.register_samples([], by=None).new == []


def test_a_round_covers_its_villages_and_the_smaller_one_is_meant(county, a_round, swab, people):
    wide = services.plan_round(
        by=None, area=county, name="All", disease=DISEASE, begins_at=now() - timedelta(hours=3),
        ends_at=now() + timedelta(hours=6),
    )  # fmt: skip
    wide = services.open_round(by=None, test_round=wide)
    near = a_round(2)
    swab("T1 0 1")
    assert (told(near), told(wide)) == ("pending=2", "")
    assert Sample.objects.filter(tube__round=near).count() == 2
    assert Area.objects.get(code=near.area_id) != county
