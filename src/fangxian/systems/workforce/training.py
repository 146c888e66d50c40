"""Taking a quiz, and being asked on the spot (现场提问)."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fangxian.core import records
from fangxian.core.areas import Area
from fangxian.core.clock import now, today
from fangxian.core.officers import Officer
from fangxian.core.records import Source
from fangxian.systems.workforce import courses, rules
from fangxian.systems.workforce.courses import Course, Question
from fangxian.systems.workforce.models import QuizResult
from fangxian.systems.workforce.words import Asked


def seed_of(officer: Officer, course: Course) -> str:
    """What the next sitting of an officer is drawn by: another one after each answer."""
    taken = QuizResult.unscoped.filter(officer=officer, course=course.key, kind=Asked.QUIZ).count()
    return f"{officer.pk}:{course.key}:{taken}"


def next_sitting(officer: Officer, course: Course, area: Area) -> list[Question]:
    """The questions an officer is asked next."""
    return courses.sitting(course, area.code, seed_of(officer, course))


def tries_left(officer: Officer, course: Course, area: Area) -> int:
    """How often the officer may still try today."""
    tried = QuizResult.unscoped.filter(officer=officer, course=course.key, kind=Asked.QUIZ)
    taken = sum(timezone.localdate(at) == today() for at in tried.values_list("taken_at", flat=True))
    return max(0, rules.attempts_a_day(rules.pack_of(area.code)) - taken)


def take_quiz(
    *, by: Officer, course: Course, area: Area, given: Mapping[str, str], source: str = Source.WEB
) -> QuizResult:
    """Keep what an officer answered: question key → key of the option, as the next sitting shows them.

    Raises ValidationError for questions left open, and when the tries of the day are used up.
    """
    with transaction.atomic():
        Officer.objects.select_for_update().get(pk=by.pk)  # two windows are not two tries of one sitting
        if not tries_left(by, course, area):
            raise ValidationError(_("You have used your tries of today: read the rules and come back tomorrow."))
        questions = next_sitting(by, course, area)
        answers = [_answer(question, given.get(question.key, "")) for question in questions]
        _refuse_open(answers)
        return _keep(by, by, course, area, answers, Asked.QUIZ, source)


def ask_on_the_spot(
    *, by: Officer, officer: Officer, course: Course, area: Area, question: str, given: str, where: str,
    note: str = "", source: str = Source.WEB,
) -> QuizResult:  # fmt: skip
    """Keep how somebody answered one question on the spot: `given` is the kept value of the option they named.

    An empty `given` is “does not know”. Raises ValidationError for a question not asked here, and for oneself.
    """
    if officer.pk == by.pk:
        raise ValidationError(_("Somebody else has to be asked."))
    if not any(post.covers(area.code) or post.area_id.startswith(area.code) for post in officer.current_posts):
        raise ValidationError({"officer": _("%(officer)s has no post in %(area)s.")
                               % {"officer": officer, "area": area}})  # fmt: skip
    found = courses.one(course, question, area.code)
    if found is None:
        raise ValidationError({"question": _("This question has no answer in the rules in force here.")})
    answer = {"question": found.key, "given": given, "right": found.right, "ok": given == found.right}
    return _keep(by, officer, course, area, [answer], Asked.ON_THE_SPOT, source, where=where, note=note)


def _answer(question: Question, key: str) -> dict[str, Any]:
    given = next((option.value for option in question.options if option.key == key), "")
    return {"question": question.key, "given": given, "right": question.right, "ok": given == question.right}


def _refuse_open(answers: list[dict[str, Any]]) -> None:
    if not answers:
        raise ValidationError(_("No question of this course has an answer in the rules in force here."))
    left = sum(answer["given"] == "" for answer in answers)
    if left:
        raise ValidationError(_("Answer every question: %(left)s are left.") % {"left": left})


def _keep(
    by: Officer, officer: Officer, course: Course, area: Area, answers: list[dict[str, Any]], kind: str, source: str,
    **values: Any,
) -> QuizResult:  # fmt: skip
    pack = rules.pack_of(area.code)
    percent = 100 * sum(answer["ok"] for answer in answers) // len(answers)
    passed = percent >= rules.pass_percent(pack)
    until = today() + rules.valid_for(pack) if passed and kind == Asked.QUIZ else None
    return records.create(
        QuizResult, by=by, action=f"workforce.{kind.lower()}.answered", source=source, area=area, officer=officer,
        course=course.key, kind=kind, taken_at=now(), answers=answers, percent=percent, passed=passed,
        valid_until=until, pack=pack.version, **values,
    )  # fmt: skip
