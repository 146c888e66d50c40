"""Handing a directive down: what, to whom, until when; or only entering what a meeting resolved."""

from typing import Any

from django import forms as django_forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from fangxian.core.areas import Area
from fangxian.core.officers import Officer
from fangxian.core.permissions import Permission, Refused
from fangxian.faces.web.pages import guard
from fangxian.registers.forms import MomentInput
from fangxian.systems.command import group_selectors
from fangxian.systems.directives import selectors, services
from fangxian.systems.directives.words import Basis, Depth, Priority


class IssueForm(django_forms.Form):
    """A directive, its units and groups."""

    title = django_forms.CharField(label=_("Title"), max_length=160)
    text = django_forms.CharField(label=_("What has to be done"), widget=django_forms.Textarea(attrs={"rows": 4}))
    basis = django_forms.ChoiceField(label=_("Rests on"), choices=Basis.choices, initial=Basis.OWN)
    basis_text = django_forms.CharField(label=_("Words it rests on"), max_length=300, required=False)
    meeting = django_forms.UUIDField(required=False, widget=django_forms.HiddenInput)
    due_at = django_forms.DateTimeField(
        label=_("Answer due"), required=False, widget=MomentInput,
        help_text=_("Left empty, the time follows from the operating mode."),
    )  # fmt: skip
    goal = django_forms.CharField(label=_("Goal"), max_length=200, required=False)
    goal_at = django_forms.DateTimeField(label=_("Goal reached by"), required=False, widget=MomentInput)
    priority = django_forms.ChoiceField(label=_("Priority"), choices=Priority.choices, initial=Priority.NORMAL)
    needs_evidence = django_forms.BooleanField(label=_("Evidence wanted"), required=False)
    depth = django_forms.ChoiceField(label=_("Goes down to"), choices=Depth.choices, initial=Depth.VILLAGE)
    units = django_forms.MultipleChoiceField(
        label=_("To which units"), required=False, widget=django_forms.CheckboxSelectMultiple
    )
    groups = django_forms.MultipleChoiceField(
        label=_("To which working groups"), required=False, widget=django_forms.CheckboxSelectMultiple
    )

    def __init__(self, area: Area, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.below = {unit.code: unit for unit in services.units_below(area)}
        self.known = {str(one.group.pk): one.group for one in group_selectors.groups_in(area.code)}
        self.fields["units"].choices = [(code, str(unit)) for code, unit in self.below.items()]
        self.fields["units"].initial = list(self.below)
        self.fields["groups"].choices = [(pk, str(group)) for pk, group in self.known.items()]


@guard.needs(Permission.DIRECTIVES_WRITE)
@require_http_methods(["GET", "POST"])
def issue(request: HttpRequest) -> HttpResponse:
    """The form; `resolve` keeps it as a resolution, otherwise it is handed down at once."""
    area = area_of(request.user)
    meeting = selectors.meeting(request.GET["meeting"]) if request.GET.get("meeting") else None
    initial = {"meeting": meeting.pk, "basis": Basis.MEETING} if meeting else {}
    form = IssueForm(area, request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = _make(request, form, area)
        except (ValidationError, Refused) as error:
            form.add_error(None, getattr(error, "messages", None) or str(error))
        else:
            return redirect("directive", pk=made.pk)
    context = {"form": form, "area": area, "meeting": meeting}
    return render(request, "directives/issue.html", context, status=422 if form.errors else 200)


def _make(request: HttpRequest, form: IssueForm, area: Area) -> Any:
    given = dict(form.cleaned_data)
    units, groups, meeting = (given.pop(name) for name in ("units", "groups", "meeting"))
    given |= {"meeting": selectors.meeting(meeting) if meeting else None, "by": request.user, "area": area}
    chosen, bodies = [form.below[code] for code in units], [form.known[pk] for pk in groups]
    if "resolve" in request.POST:
        everybody = len(chosen) == len(form.below) or not (chosen or bodies)
        return services.resolve(to=None if everybody else chosen, groups=bodies, **given)
    return services.issue(to=chosen, groups=bodies, **given)


def area_of(officer: Officer) -> Area:
    """The widest area an officer speaks for."""
    posts = officer.posts_with(Permission.DIRECTIVES_WRITE)
    return min((post.area for post in posts), key=lambda area: len(area.code))
