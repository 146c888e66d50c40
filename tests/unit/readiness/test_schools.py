"""A school: each requirement from its evidence, opened by two, closed by what comes back."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from fangxian.core import clock
from fangxian.core.audit import AuditEntry
from fangxian.core.clock import now, today
from fangxian.core.second_person import SamePerson
from fangxian.registers import site
from fangxian.systems.command.models import Task
from fangxian.systems.immunization.models import Dose
from fangxian.systems.inspection import rules as inspection_rules
from fangxian.systems.inspection import services as inspection
from fangxian.systems.inspection.models import Finding
from fangxian.systems.inspection.services import Answer, Stop
from fangxian.systems.readiness import rules, selectors, services
from fangxian.systems.readiness.models import SchoolMember, SchoolOpening
from fangxian.systems.testing.models import LabResult, Sample
from fangxian.workflows import rectification, school_opening
from tests.registers.samples import make
from tests.unit.readiness.conftest import NOON

pytestmark = pytest.mark.django_db
FIRST = [{"grades": "一年级", "on": "2022-03-25"}, {"grades": "三年级", "on": "2022-03-21"}]


@pytest.fixture
def place(hand):
    return make(site.get("screening.place"), hand.area, kind="SCHOOL", name="段西小学")


class School:
    """A school whose every requirement is met, and hands that break one each."""

    def __init__(self, hand, place, officer):
        self.hand, self.place, self.officer = hand, place, officer
        self.opening = school_opening.plan(
            by=officer, place=place, term="2022-1", opens_on=today() + timedelta(days=1), stages=FIRST,
            commissioner="李校医",
        )  # fmt: skip

    def all_met(self):
        self.visit()
        self.name_parties()
        self.pupil()
        return self

    def visit(self, days_ago=0, no=(), own=False):
        """Somebody looks with the checklist of schools."""
        with clock.frozen(now() - timedelta(days=days_ago)):
            stop = Stop(self.place.area, self.place.name, "school_opening", ("screening.place", self.place.pk))
            asked = inspection_rules.checklist(inspection_rules.pack_of(self.place.area_id), "school_opening").items
            answers = {one.key: Answer("NO", "没有") if one.key in no else Answer("YES") for one in asked}
            if own:
                return inspection.check_oneself(by=self.officer, stop=stop, answers=answers)
            trip = inspection.plan_trip(by=self.officer, area=self.place.area, name=f"核验{days_ago}",
                                        leader=self.officer, on=today(), stops=[stop])  # fmt: skip
            return rectification.visit(sheet=trip.sheets.get(), by=self.officer, answers=answers).sheet

    def name_parties(self, **lacking):
        named = {"locality": "包校干部", "department": "教体局", "unit": "段西小学", "individual": "校长", **lacking}
        inspection.name_parties(by=None, area=self.place.area, where=self.place.name,
                                about=("screening.place", self.place.pk), **named)  # fmt: skip

    def pupil(self, declared=True, **values):
        person = self.hand.person()
        declared_on = today() if declared else None
        return services.enrol(by=None, opening=self.opening, person=person, declared_on=declared_on, **values)

    def child(self, complete, year=2013):
        member = self.pupil()
        type(member.person).objects.filter(pk=member.person_id).update(birth_date=f"{year}-01-01")
        if complete:
            self.hand._made(Dose, person=member.person, disease="covid19", vaccine="inactivated", number=2,
                            given_on=today(), completes=True)  # fmt: skip

    def returner(self, tested_days_ago=None):
        member = self.pupil(stayed_code="410882", returned_on=today() - timedelta(days=2))
        if tested_days_ago is not None:
            tube = make(site.get("testing.tube"), self.hand.area)
            at = now() - timedelta(days=tested_days_ago)
            self.hand._made(Sample, tube=tube, person=member.person, sampled_at=at)
            self.hand._made(
                LabResult, tube=tube, disease="covid19", value="NEGATIVE", laboratory="市检验科", tested_at=at
            )

    def finding(self):
        inspection.raise_finding(by=None, area=self.place.area, where=self.place.name, what="食堂无间隔就座",
                                 subject=self.place)  # fmt: skip

    def case(self, days_ago=0):
        member = self.pupil()
        case = self.hand.case(days_ago)
        type(case).unscoped.filter(pk=case.pk).update(person=member.person)

    def figure(self, key):
        self.opening.refresh_from_db()
        found = next(one for one in school_opening.judge_one(self.opening) if one.criterion.key == key)
        return found.figure, found.met


@pytest.fixture
def school(hand, place, officer):
    return School(hand, place, officer("duty_officer"))


TABLE = """
requirement  | evidence                                           | figure | holds
checked      |                                                    | -      | no
checked      | s.visit()                                          | 0      | yes
checked      | s.visit(no=('gate', 'room'))                       | 2      | no
checked      | s.visit(31)                                        | -      | no
checked      | s.visit(own=True)                                  | -      | no
checked      | s.visit(5, no=('gate',)); s.visit()                | 0      | yes
room         | s.visit()                                          | 1      | yes
room         | s.visit(no=('room',))                              | 0      | no
supplies     | s.visit()                                          | 1      | yes
supplies     | s.visit(no=('supplies',))                          | 0      | no
drill        | s.visit()                                          | 1      | yes
drill        | s.visit(no=('plan',))                              | 0      | no
commissioner |                                                    | 1      | yes
commissioner | services.change_opening(opening=s.opening, by=s.officer, commissioner=' ') | 0 | no
parties      |                                                    | 1      | no
parties      | s.name_parties()                                   | 0      | yes
parties      | s.name_parties(department='')                      | 1      | no
roll         |                                                    | 0      | no
roll         | s.pupil(); s.pupil()                               | 2      | yes
declared     |                                                    | -      | no
declared     | s.pupil()                                          | 0      | yes
declared     | s.pupil(); s.pupil(False)                          | 1      | no
returners    | s.pupil()                                          | 0      | yes
returners    | s.returner()                                       | 1      | no
returners    | s.returner(5)                                      | 1      | no
returners    | s.returner(1)                                      | 0      | yes
children     | s.pupil()                                          | -      | yes
children     | s.child(True)                                      | 100    | yes
children     | s.child(True); s.child(False)                      | 50     | no
youth        | s.child(False)                                     | -      | yes
youth        | s.child(False, 2008)                               | 0      | no
findings     |                                                    | 0      | yes
findings     | s.finding()                                        | 1      | no
cases        | s.case(13)                                         | 1      | no
cases        | s.case(15)                                         | 0      | yes
"""


def rows():
    for line in TABLE.strip().splitlines()[1:]:
        key, evidence, figure, holds = (part.strip() for part in line.split("|"))
        yield key, evidence, None if figure == "-" else float(figure), holds == "yes"


@pytest.mark.parametrize(("key", "evidence", "figure", "holds"), list(rows()))
def test_each_requirement_follows_from_its_evidence(key, evidence, figure, holds, school):
    exec(evidence, {"s": school, "services": services})  # our own table above
    assert school.figure(key) == (figure, holds)


def test_the_table_draws_every_requirement_both_ways(noon):
    asked = {one.key for one in rules.requirements(rules.pack_of("410883"))}
    assert {(key, holds) for key, _evidence, _figure, holds in rows()} == {(k, h) for k in asked for h in (True, False)}


def test_one_proposes_and_another_opens(school, officer):
    opening, second = school.all_met().opening, officer("duty_officer")
    proposed = school_opening.propose(opening=opening, by=school.officer)
    with pytest.raises(SamePerson):
        school_opening.open_(opening=proposed, by=school.officer)
    assert AuditEntry.objects.filter(action="readiness.school.opened.refused").exists()
    opened = school_opening.open_(opening=proposed, by=second)
    assert (opened.state, opened.blocking, opened.opened_by) == ("OPEN", 0, second)
    with pytest.raises(ValidationError, match="not possible any more"):
        school_opening.open_(opening=opened, by=second)


def test_a_blocker_forbids_both_steps(school, officer):
    with pytest.raises(ValidationError, match="cannot open"):
        school_opening.propose(opening=school.opening, by=school.officer)
    proposed = school_opening.propose(opening=school.all_met().opening, by=school.officer)
    school.pupil(False)
    with pytest.raises(ValidationError, match="have not declared"):
        school_opening.open_(opening=proposed, by=officer("duty_officer"))
    assert school_opening.look() == 1
    proposed.refresh_from_db()
    assert (proposed.state, proposed.proposed_by) == ("PLANNED", None)


def test_what_comes_back_closes_the_school_and_tells_the_township(school, officer):
    proposed = school_opening.propose(opening=school.all_met().opening, by=school.officer)
    opened = school_opening.open_(opening=proposed, by=officer("duty_officer"))
    school.pupil(False)  # asked for at the beginning only
    assert school_opening.look() == 0
    school.finding()
    assert school_opening.look() == 1
    opened.refresh_from_db()
    assert (opened.state, opened.blocking) == ("CLOSED", 1)
    told = Task.unscoped.get(subject_id=opened.pk)
    assert (told.role, told.area_id) == ("township_officer", "410883001")
    assert "Findings not settled" in told.instructions_text
    assert school_opening.look() == 0
    with pytest.raises(ValidationError, match="cannot open"):
        school_opening.propose(opening=opened, by=school.officer)
    assert Finding.unscoped.count() == 1


def test_grades_come_back_in_turn(school, officer):
    proposed = school_opening.propose(opening=school.all_met().opening, by=school.officer)
    assert school_opening.grades_back(proposed, NOON.date() + timedelta(days=9)) == []
    opened = school_opening.open_(opening=proposed, by=officer("duty_officer"))
    days = [school_opening.grades_back(opened, NOON.date() + timedelta(days=days)) for days in (0, 1, 4, 5)]
    assert days == [[], ["三年级"], ["三年级"], ["三年级", "一年级"]]


def test_a_turn_before_the_opening_is_refused(school):
    with pytest.raises(ValidationError, match="not before the opening"):
        services.change_opening(
            opening=school.opening, by=school.officer, stages=[{"grades": "一年级", "on": "2022-03-20"}]
        )
    with pytest.raises(ValidationError, match="not before the opening"):
        services.change_opening(opening=school.opening, by=school.officer, opens_on=today() + timedelta(days=30))


def test_the_table_itself_refuses_an_open_school_with_blockers(school):
    for changes in ({"state": "OPEN"}, {"state": "OPEN", "blocking": 1, "opened_by": school.officer.pk}):
        with pytest.raises(IntegrityError), transaction.atomic():
            SchoolOpening.unscoped.filter(pk=school.opening.pk).update(**changes)


def test_the_board_shows_every_school_and_counts_blockers(school, hand, noon):
    make(site.get("screening.place"), hand.area, kind="SCHOOL", name="段西中学")
    board = school_opening.board("410883")
    assert board.term == "2022-1"
    assert {(row.place.name, row.opening is not None) for row in board.rows} == {
        ("段西小学", True),
        ("段西中学", False),
    }
    counts = dict(zip([one.key for one in board.requirements], board.counts, strict=True))
    assert (counts["commissioner"], counts["findings"], counts["roll"]) == (1, 0, 2)
    assert school_opening.board("410882").rows == []


def test_the_statements_do_not_grow_with_schools(school, hand):
    school.all_met()
    school_opening.board("410883")
    with CaptureQueriesContext(connection) as few:
        school_opening.board("410883")
    for number in range(10):
        place = make(site.get("screening.place"), hand.area, kind="SCHOOL", name=f"学校{number}")
        School(hand, place, school.officer).pupil()
    with CaptureQueriesContext(connection) as many:
        school_opening.board("410883")
    assert len(many) == len(few)


def test_the_roll_is_kept_by_its_verbs(school):
    member = school.pupil(False, grade="三年级")
    changed = services.change_member(member=member, by=school.officer, declared_on=today(), person=None, opening=None)
    assert (changed.declared_on, changed.person_id) == (today(), member.person_id)
    with pytest.raises(IntegrityError), transaction.atomic():
        SchoolMember.unscoped.filter(pk=member.pk).update(stayed_code="410882", returned_on=None)
    assert selectors.terms("410883") == ["2022-1"]
