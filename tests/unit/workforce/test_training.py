"""Quizzes whose numbers are those of the pack, tries, validity, and questions on the spot."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from fangxian.core import clock, policy
from fangxian.core.policy.files import ANY_DISEASE
from fangxian.systems.workforce import courses, selectors, services, training
from fangxian.systems.workforce.words import Asked
from tests.unit.workforce.conftest import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_eight")]
COMMAND, FRONT = courses.all_courses()["command"], courses.all_courses()["front_line"]


def answers(officer, course, area, wrong=0) -> dict[str, str]:
    found = training.next_sitting(officer, course, area)
    return {
        one.key: next(option.key for option in one.options if (option.value == one.right) == (number >= wrong))
        for number, one in enumerate(found)
    }


def test_every_question_can_be_asked_in_both_languages(county):
    """Every rule the file names is in force and is a number; no two options say the same."""
    for language in ("zh-hans", "en"):
        with translation.override(language):
            for course in courses.all_courses().values():
                found = courses.answerable(course, county.code)
                assert len(found) == len(course.questions), (course.key, {one.key for one in found})
                assert len(found) >= 10
                for one in found:
                    assert len({option.text for option in one.options}) == len(one.options) >= 3, one.key
                    assert len({option.key for option in one.options}) == len(one.options)
                    assert one.right in {option.value for option in one.options}
                assert course.name and course.source


def test_a_number_is_what_the_pack_in_force_says(county, monkeypatch):
    asked = courses.one(COMMAND, "receive", county.code)
    hours = policy.pack(disease=ANY_DISEASE, area_code=county.code).number("directives.receive_hours")
    assert asked.right == f"{hours:g}" and "directives.receive_hours" in asked.source
    alert = policy.pack(disease=ANY_DISEASE, area_code=county.code, mode="emergency")
    monkeypatch.setattr(policy, "pack", lambda **_named: alert)
    other = courses.one(COMMAND, "receive", county.code)
    assert other.right == f"{alert.number('directives.receive_hours'):g}" != asked.right


def test_a_question_whose_rule_is_not_in_force_is_not_asked(county, monkeypatch):
    empty = policy.pack(disease=ANY_DISEASE, area_code=county.code)
    rules = {key: rule for key, rule in empty.rules.items() if key != "directives.receive_hours"}
    monkeypatch.setattr(policy, "pack", lambda **_named: type(empty)(**{**vars(empty), "rules": rules}))
    assert courses.one(COMMAND, "receive", county.code) is None
    assert courses.name_of("gone") == "gone"


def test_a_sitting_is_drawn_anew_after_each_answer(county, officer):
    one = officer()
    first = training.next_sitting(one, COMMAND, county)
    assert first == training.next_sitting(one, COMMAND, county)
    services.take_quiz(by=one, course=COMMAND, area=county, given=answers(one, COMMAND, county))
    assert training.next_sitting(one, COMMAND, county) != first


@pytest.mark.parametrize(("wrong", "percent", "passed"), [(0, 100, True), (2, 80, True), (3, 70, False)])
def test_the_mark_is_the_pack_s(county, officer, wrong, percent, passed):
    one = officer()
    kept = services.take_quiz(by=one, course=COMMAND, area=county, given=answers(one, COMMAND, county, wrong))
    assert (kept.percent, kept.passed, kept.valid_until is not None) == (percent, passed, passed)
    assert sum(not answer["ok"] for answer in kept.answers) == wrong
    (standing,) = selectors.standing([(one, county)], COMMAND)
    assert standing.holds is passed


def test_open_questions_and_a_fourth_try_are_refused(county, officer):
    one = officer()
    with pytest.raises(ValidationError, match="10 are left"):
        services.take_quiz(by=one, course=COMMAND, area=county, given={})
    for _n in range(3):
        services.take_quiz(by=one, course=COMMAND, area=county, given=answers(one, COMMAND, county, 9))
    with pytest.raises(ValidationError, match="used your tries"):
        services.take_quiz(by=one, course=COMMAND, area=county, given=answers(one, COMMAND, county))
    with clock.frozen(NOW + timedelta(days=1)):
        services.take_quiz(by=one, course=COMMAND, area=county, given=answers(one, COMMAND, county))


def test_who_has_not_passed_never_tried_first(county, officer):
    passed, failed, never = officer("nurse"), officer("nurse"), officer("sampler", area="410883001")
    officer("viewer")  # the course is not asked of this post
    services.take_quiz(by=passed, course=FRONT, area=county, given=answers(passed, FRONT, county))
    services.take_quiz(by=failed, course=FRONT, area=county, given=answers(failed, FRONT, county, 9))
    assert [one.officer for one in selectors.not_passed("410883", FRONT)] == [never, failed]
    assert selectors.asked_of("410883", FRONT) == 3
    with clock.frozen(NOW + timedelta(days=90)):
        assert passed in [one.officer for one in selectors.not_passed("410883", FRONT)]


def test_a_wrong_answer_on_the_spot_ends_what_was_passed(county, officer):
    nurse, inspector = officer("nurse"), officer("inspector")
    services.take_quiz(by=nurse, course=FRONT, area=county, given=answers(nurse, FRONT, county))
    ask = {"by": inspector, "officer": nurse, "course": FRONT, "area": county, "where": "卡点"}
    right = services.ask_on_the_spot(**ask, question="fever_place", given="0")
    assert (right.passed, right.percent, right.kind) == (True, 100, Asked.ON_THE_SPOT)
    assert selectors.standing([(nurse, county)], FRONT)[0].holds
    wrong = services.ask_on_the_spot(**ask, question="hand_over", given="")
    (standing,) = selectors.standing([(nurse, county)], FRONT)
    assert not standing.holds and standing.ended_by == wrong
    with clock.frozen(NOW + timedelta(hours=1)):
        services.take_quiz(by=nurse, course=FRONT, area=county, given=answers(nurse, FRONT, county))
        assert selectors.standing([(nurse, county)], FRONT)[0].holds
    assert selectors.spot_results(county.code)[0] in (right, wrong)


def test_who_may_be_asked_what(county, officer):
    inspector, away = officer("inspector"), officer("nurse", area="410882")
    ask = {"by": inspector, "course": FRONT, "area": county, "given": "0", "where": "卡点"}
    with pytest.raises(ValidationError, match="Somebody else"):
        services.ask_on_the_spot(**ask, officer=inspector, question="tube")
    with pytest.raises(ValidationError, match="has no post in"):
        services.ask_on_the_spot(**ask, officer=away, question="tube")
    with pytest.raises(ValidationError, match="no answer in the rules"):
        services.ask_on_the_spot(**ask, officer=officer("nurse"), question="gone")
