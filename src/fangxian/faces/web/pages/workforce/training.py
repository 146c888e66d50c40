"""Courses, quizzes, and questions asked on the spot (现场提问)."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from fangxian.core.areas import code_range
from fangxian.core.officers import Officer, Post
from fangxian.core.permissions import Permission, may
from fangxian.faces.web.pages import guard
from fangxian.faces.web.pages.workforce.common import area_of, own_area
from fangxian.systems.workforce import courses, rules, selectors, services, training
from fangxian.systems.workforce.courses import Course
from fangxian.systems.workforce.words import Asked

SHOWN = 100
UNKNOWN = "unknown"


@guard.signed_in
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """My courses and how I stand; for a leader also who in the area has not passed which."""
    here = own_area(request.user)
    roles = {post.role for post in request.user.current_posts}
    mine = [] if here is None else [
        {"standing": selectors.standing([(request.user, here)], course)[0], "course": course,
         "asked": bool(roles & set(course.roles)), "left": training.tries_left(request.user, course, here)}
        for course in courses.all_courses().values()
    ]  # fmt: skip
    context = {
        "mine": sorted(mine, key=lambda one: not one["asked"]), "results": selectors.own_results(request.user, 10),
        "may_ask": bool(may(request.user, Permission.TRAINING_ASK)), "pass_percent": _mark(here),
    } | _leading(request)  # fmt: skip
    return render(request, "workforce/training.html", context)


@guard.signed_in
@require_http_methods(["GET", "POST"])
def quiz(request: HttpRequest, course: str) -> HttpResponse:
    """Take a quiz: all questions on one page, large buttons, nothing typed."""
    found, here = _course(course), own_area(request.user)
    if here is None:
        return redirect("training")  # without a post there is nobody to ask; the page says so
    questions = training.next_sitting(request.user, found, here)
    errors: list[str] = []
    if request.method == "POST":
        given = {one.key: request.POST.get(one.key, "") for one in questions}
        try:
            kept = services.take_quiz(by=request.user, course=found, area=here, given=given)
        except ValidationError as error:
            errors = error.messages
        else:
            return redirect("quiz_result", pk=kept.pk)
    context = {
        "course": found, "questions": [(one, request.POST.get(one.key, "")) for one in questions], "errors": errors,
        "left": training.tries_left(request.user, found, here), "pass_percent": _mark(here),
    }  # fmt: skip
    return render(request, "workforce/quiz.html", context, status=422 if errors else 200)


@guard.signed_in
@require_GET
def result(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One of my results: each question with what I said and what is right, and which rule says so."""
    found = selectors.own_result(request.user, pk)
    course = courses.all_courses().get(found.course)
    asked = {one.key: one for one in courses.answerable(course, found.area_id)} if course else {}
    rows = [(asked.get(one["question"]), one, *_texts(asked.get(one["question"]), one)) for one in found.answers]
    context = {"result": found, "course": courses.name_of(found.course), "rows": rows, "spot": found.kind != Asked.QUIZ}
    return render(request, "workforce/result.html", context)


@guard.needs(Permission.TRAINING_ASK)
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Ask one question on the spot and keep the answer: course, question, person, what they said."""
    here = area_of(request, Permission.TRAINING_ASK)
    course = courses.all_courses().get(request.GET.get("course") or request.POST.get("course", ""))
    questions = courses.answerable(course, here.code, str(request.user.pk)) if course else []
    wanted = request.GET.get("question") or request.POST.get("question", "")
    question = next((one for one in questions if one.key == wanted), None)
    errors: list[str] = []
    if request.method == "POST" and course and question:
        try:
            kept = _asked(request, course, question, here)
        except ValidationError as error:
            errors = error.messages
        else:
            guard.attempt(request, lambda: None, _("Right. The answer is kept.") if kept.passed else
                          _("Not right. The answer is kept, and the course is to be taken again."))  # fmt: skip
            return redirect(f"{request.path}?course={course.key}&area={here.code}")
    context = {
        "area": here, "courses": courses.all_courses().values(), "course": course, "questions": questions,
        "question": question, "people": _people(here.code, course, request.user), "errors": errors, "unknown": UNKNOWN,
        "where": request.POST.get("where", ""), "chosen": request.POST.get("officer", ""),
    }  # fmt: skip
    return render(request, "workforce/ask.html", context, status=422 if errors else 200)


def _leading(request: HttpRequest) -> dict[str, Any]:
    """Who of an area's posts has not passed, and the last questions on the spot; for its leaders only."""
    if not may(request.user, Permission.WORKFORCE_READ):
        return {}
    here = area_of(request)
    gaps = []
    for course in courses.all_courses().values():
        missing, asked = selectors.not_passed(here.code, course), selectors.asked_of(here.code, course)
        gaps.append({"course": course, "missing": missing[:SHOWN], "count": len(missing), "asked": asked,
                     "passed": asked - len(missing)})  # fmt: skip
    spots = [(one, courses.name_of(one.course)) for one in selectors.spot_results(here.code)]
    return {"area": here, "gaps": gaps, "spots": spots}


def _mark(here: Any) -> int:
    return rules.pass_percent(rules.pack_of(here.code if here else ""))


def _course(key: str) -> Course:
    found = courses.all_courses().get(key)
    if found is None:
        raise Http404
    return found


def _texts(question: Any, answer: dict[str, Any]) -> tuple[str, str]:
    """What was said and what was right then, in words; the value where the file or the rules have changed since."""
    texts = {option.value: option.text for option in question.options} if question else {}
    return texts.get(answer["given"], answer["given"]), texts.get(answer["right"], answer["right"])


def _people(area_code: str, course: Course | None, asker: Any) -> list[tuple[int, str]]:
    """Whoever holds a post in the area that asks for the course."""
    if course is None:
        return []
    low, high = code_range(area_code)
    posts = Post.objects.current().filter(role__in=course.roles, area_id__gte=low, area_id__lt=high)
    rows = posts.exclude(officer=asker).select_related("officer", "area").order_by("area_id", "officer__name")
    return list({post.officer_id: f"{post.officer} · {post}" for post in rows[:500]}.items())


def _asked(request: HttpRequest, course: Course, question: Any, here: Any) -> Any:
    post = request.POST
    officer = Officer.objects.filter(pk=post.get("officer") or 0, is_active=True).first()
    if officer is None:
        raise ValidationError(_("Choose who is asked."))
    option = next((one.value for one in question.options if one.key == post.get("given")), "")
    if not option and post.get("given") != UNKNOWN:
        raise ValidationError(_("Choose what was answered."))
    return services.ask_on_the_spot(
        by=request.user, officer=officer, course=course, area=here, question=question.key, given=option,
        where=post.get("where", "").strip()[:80], note=post.get("note", "").strip()[:120],
    )  # fmt: skip
