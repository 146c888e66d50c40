"""Assessment sessions: called, with the questions on the table; concluded, with what follows; followed up."""

from collections.abc import Callable
from typing import Any

from django import forms as django_forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fangxian.core.areas import Area, code_range
from fangxian.core.clock import now
from fangxian.core.officers import Officer
from fangxian.core.permissions import Permission, Refused, may
from fangxian.faces.web.pages import guard
from fangxian.faces.web.pages.figures import readable
from fangxian.faces.web.pages.reporting.reports import area_of, handed_out
from fangxian.registers import site
from fangxian.registers.forms import MomentInput
from fangxian.systems.situation import reporting_rules as rules
from fangxian.systems.situation import reporting_selectors as selectors
from fangxian.systems.situation import reporting_services as services
from fangxian.workflows import assessment_session
from fangxian.workflows.assessment_session import FollowUp

ABOUT, OFFERED = ("cases.event", "surveillance.signal"), 20
"""What a question can be about, and how many of the latest are offered."""
ROWS = 3
"""So many follow-ups can be entered at once; more are entered as tasks of their own."""


class SessionForm(django_forms.Form):
    """Who meets when, about what."""

    title = django_forms.CharField(label=_("Title"), max_length=120)
    held_at = django_forms.DateTimeField(label=_("Held at"), widget=MomentInput)
    place = django_forms.CharField(label=_("Place of the meeting"), max_length=120, required=False)
    chair = django_forms.CharField(label=_("Chaired by"), max_length=40)
    officers = django_forms.MultipleChoiceField(
        label=_("Officers who attend"), required=False, widget=django_forms.CheckboxSelectMultiple
    )
    guests = django_forms.CharField(
        label=_("Others who attend"), required=False, widget=django_forms.Textarea(attrs={"rows": 2}),
        help_text=_("One unit or person a line."),
    )  # fmt: skip
    questions = django_forms.CharField(
        label=_("Matters"), required=False, widget=django_forms.Textarea(attrs={"rows": 3}),
        help_text=_("One question a line."),
    )  # fmt: skip

    def __init__(self, area: Area, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.known = {str(one.pk): one for one in _officers(area)}
        self.fields["officers"].choices = [(pk, str(one)) for pk, one in self.known.items()]


class ConclusionForm(django_forms.Form):
    """How grave, why, what follows."""

    level = django_forms.ChoiceField(label=_("Level of risk"))
    grounds = django_forms.CharField(
        label=_("What the level rests on"), required=False, widget=django_forms.Textarea(attrs={"rows": 2})
    )
    conclusion = django_forms.CharField(label=_("What was concluded"), widget=django_forms.Textarea(attrs={"rows": 4}))

    def __init__(self, area: Area, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["level"].choices = [("", "—"), *((key, str(one)) for key, one in rules.levels(area.code).items())]
        below = [area, *Area.objects.filter(parent=area).order_by("code")]
        self.areas = {one.code: one for one in below}
        for number in range(ROWS):
            self._add(number, [(one.code, str(one)) for one in below])

    def _add(self, number: int, areas: list[tuple[str, str]]) -> None:
        said = {"n": number + 1}
        self.fields[f"title_{number}"] = django_forms.CharField(
            label=_("Follow-up %(n)s") % said, max_length=200, required=False
        )
        self.fields[f"area_{number}"] = django_forms.ChoiceField(label=_("Who does it"), choices=areas, required=False)
        self.fields[f"due_{number}"] = django_forms.DateTimeField(
            label=_("Due"), required=False, widget=MomentInput,
            help_text=_("Left empty, the time follows from the rules."),
        )  # fmt: skip

    def follow_ups(self) -> list[FollowUp]:
        """Those that say what is to be done."""
        given = self.cleaned_data
        return [
            FollowUp(given[f"title_{n}"], self.areas[given[f"area_{n}"]], given[f"due_{n}"])
            for n in range(ROWS) if given[f"title_{n}"] and given[f"area_{n}"]
        ]  # fmt: skip


def _officers(area: Area) -> list[Officer]:
    """Who holds a post in the area itself."""
    posted = Officer.objects.filter(is_active=True, posts__area=area, posts__valid_to=None)
    return list(posted.distinct().order_by("pk"))


@guard.needs(Permission.SITUATION_READ)
@require_GET
def assessments(request: HttpRequest) -> HttpResponse:
    """The sessions of my area and all below it, with how far their follow-ups have come."""
    area = area_of(request.user)
    rows = [
        {"session": one, "level": level_of(one), "follow_ups": selectors.follow_ups(one)}
        for one in selectors.assessments(area.code, limit=30)
    ]
    context = {
        "area": area, "rows": rows, "may_write": bool(may(request.user, Permission.SITUATION_WRITE, area.code)),
    }  # fmt: skip
    return render(request, "reporting/assessments.html", context)


@guard.needs(Permission.SITUATION_WRITE)
@require_http_methods(["GET", "POST"])
def convene(request: HttpRequest) -> HttpResponse:
    """Call a session."""
    area = area_of(request.user, Permission.SITUATION_WRITE)
    form = SessionForm(area, request.POST or None, initial={"held_at": now()})
    if request.method == "POST" and form.is_valid():
        try:
            made = _convene(request.user, area, form)
        except (ValidationError, Refused) as error:
            form.add_error(None, getattr(error, "messages", None) or str(error))
        else:
            return redirect("assessment", pk=made.pk)
    return render(request, "reporting/convene.html", {"form": form, "area": area}, status=422 if form.errors else 200)


def _convene(officer: Officer, area: Area, form: SessionForm) -> Any:
    given = dict(form.cleaned_data)
    asked = [line.strip() for line in given.pop("questions").splitlines() if line.strip()]
    matters = [{"question": line, "register": "", "id": "", "label": ""} for line in asked]
    attendees = [form.known[pk] for pk in given.pop("officers")]
    return services.convene(by=officer, area=area, attendees=attendees, matters=matters, **given)


@guard.needs(Permission.SITUATION_READ)
@require_GET
def assessment(request: HttpRequest, pk) -> HttpResponse:
    """One session: the agenda with what became of before, the matters, the conclusion, what follows."""
    found = selectors.assessment(pk)
    context = _page(request, found, ConclusionForm(found.area))
    return render(request, "reporting/assessment.html", context)


def _page(request: HttpRequest, found: Any, form: ConclusionForm) -> dict[str, Any]:
    is_open = found.state == "CONVENED"
    return {
        "session": found, "level": level_of(found), "form": form, "is_open": is_open, "now": now(),
        "agenda": assessment_session.on_the_table(found) if is_open else [], "follow_ups": selectors.follow_ups(found),
        "matters": [_matter(request.user, one) for one in found.matters],
        "may_write": bool(may(request.user, Permission.SITUATION_WRITE, found.area_id)),
        "known": _known(request.user, found) if is_open else [], "rows": range(ROWS),
    }  # fmt: skip


def _matter(officer: Officer, one: dict[str, str]) -> dict[str, str]:
    """A question with the page of what it is about, for whoever may read that."""
    opens = one.get("register") and one.get("id") and readable(officer, one["register"])
    return {**one, "url": reverse("register_record", args=[one["register"], one["id"]]) if opens else ""}


def _known(officer: Officer, found: Any) -> list[tuple[str, str]]:
    """What can be put on the table: the latest events and signals of the area, where the officer may read them."""
    low, high = code_range(found.area_id)
    choices: list[tuple[str, str]] = []
    for slug in ABOUT:
        if readable(officer, slug):
            register = site.get(slug)
            with register.scope(officer, "read"):
                rows = register.rows().filter(area_id__gte=low, area_id__lt=high).order_by("-created_at", "-pk")
                choices += [(f"{slug} {one.pk}", f"{register.title}: {one}") for one in rows[:OFFERED]]
    return choices


@guard.needs(Permission.SITUATION_WRITE)
@require_POST
def act(request: HttpRequest, pk, session_deed: str) -> HttpResponse:
    """Put a question on the table, conclude, call off."""
    found = selectors.assessment(pk)
    if session_deed == "conclude":
        return _conclude(request, found)
    guard.attempt(request, lambda: DEEDS[session_deed](request, found))
    return redirect("assessment", pk=pk)


def _conclude(request: HttpRequest, found: Any) -> HttpResponse:
    form = ConclusionForm(found.area, request.POST)
    if form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("level", "grounds", "conclusion")}
        try:
            assessment_session.conclude(session=found, by=request.user, follow_ups=form.follow_ups(), **said)
        except (ValidationError, Refused) as error:
            form.add_error(None, getattr(error, "messages", None) or str(error))
        else:
            return redirect("assessment", pk=found.pk)
    return render(request, "reporting/assessment.html", _page(request, found, form), status=422)


def _matter_added(request: HttpRequest, found: Any) -> Any:
    about, question = request.POST.get("about", ""), request.POST.get("question", "")
    label = dict(_known(request.user, found)).get(about, "")
    register, _blank, row = about.partition(" ") if label else ("", "", "")
    return services.add_matter(
        session=found, by=request.user, question=question or label, register=register, row=row, label=label
    )


def _call_off(request: HttpRequest, found: Any) -> Any:
    return services.call_off(session=found, by=request.user, reason=request.POST.get("reason", ""))


DEEDS: dict[str, Callable[[HttpRequest, Any], Any]] = {"matter": _matter_added, "call-off": _call_off}
ALL_DEEDS = (*DEEDS, "conclude")


@guard.needs(Permission.SITUATION_READ)
@require_GET
def paper(request: HttpRequest, pk, session_form: str) -> HttpResponse:
    """The conclusion as Word or PDF."""
    found = selectors.assessment(pk)
    made: list[Any] = []
    language = request.GET.get("language", "")
    guard.attempt(request, lambda: made.append(
        assessment_session.paper(session=found, form=session_form, by=request.user, language=language)))  # fmt: skip
    return handed_out(made[0]) if made else redirect("assessment", pk=pk)


def level_of(session: Any) -> Any:
    """The level a session judged, as the pack names it; None before."""
    return rules.levels(session.area_id).get(session.level)


def standing(officer: Officer, area: Area) -> dict[str, Any]:
    """What the situation page shows of the last assessment of an area; empty where there is none."""
    if not may(officer, Permission.SITUATION_READ, area.code):
        return {}
    session = selectors.standing(area)
    if session is None:
        return {}
    return {"session": session, "level": level_of(session), "follow_ups": selectors.follow_ups(session)}
