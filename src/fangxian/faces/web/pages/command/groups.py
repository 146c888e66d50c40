"""One working group: who leads it, who belongs to it, what it answers for, what lies with it."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from fangxian.core.officers import Officer
from fangxian.core.permissions import Permission, may, require
from fangxian.faces.web.pages import guard
from fangxian.faces.web.registers import widgets
from fangxian.registers.forms import MomentInput
from fangxian.systems.command import group_selectors, mode_selectors
from fangxian.systems.command import groups as verbs
from fangxian.systems.command.groups import Position

SHOWN, OFFERED = 30, 300


class JoinForm(forms.Form):
    """Who, as what, for what."""

    officer = forms.ModelChoiceField(Officer.objects.none(), label=gettext_lazy("Officer"))
    position = forms.ChoiceField(label=gettext_lazy("Position"), choices=Position.choices, initial=Position.MEMBER)
    duty = forms.CharField(label=gettext_lazy("Duty in the group"), max_length=120, required=False)

    def __init__(self, found: Any, *args, **kwargs):
        super().__init__(*args, **kwargs)
        known = mode_selectors.reaching(found.area, Permission.COMMAND_READ)[:OFFERED]
        self.fields["officer"].queryset = Officer.objects.filter(pk__in=[officer.pk for officer in known])


class TaskForm(forms.Form):
    """What to do, until when."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=200)
    instructions = forms.CharField(label=gettext_lazy("What to do"), required=False, widget=forms.Textarea({"rows": 3}))
    due_at = forms.DateTimeField(label=gettext_lazy("Due"), widget=MomentInput)


@guard.needs(Permission.COMMAND_READ)
@require_GET
def group(request: HttpRequest, pk) -> HttpResponse:
    """The group, with the forms for whoever commands its area."""
    return _page(request, group_selectors.group(pk))


@guard.needs(Permission.COMMAND_WRITE)
@require_POST
def join(request: HttpRequest, pk) -> HttpResponse:
    """Name a leader, a deputy or a member."""
    found = _writable(request, group_selectors.group(pk))
    form = widgets.dress(JoinForm(found, request.POST))
    if not form.is_valid():
        return _page(request, found, join=form)
    guard.attempt(request, lambda: verbs.add_member(by=request.user, group=found, **form.cleaned_data), _("Entered."))
    return redirect("working_group", pk=pk)


@guard.needs(Permission.COMMAND_WRITE)
@require_POST
def hand(request: HttpRequest, pk) -> HttpResponse:
    """Hand the group a task; whoever leads it receives it, all members see it."""
    found = _writable(request, group_selectors.group(pk))
    form = widgets.dress(TaskForm(request.POST))
    if not form.is_valid():
        return _page(request, found, hand=form)
    done = _("Handed to the group.")
    guard.attempt(request, lambda: verbs.hand_to_group(by=request.user, group=found, **form.cleaned_data), done)
    return redirect("working_group", pk=pk)


@guard.needs(Permission.COMMAND_WRITE)
@require_POST
def leave(request: HttpRequest, pk) -> HttpResponse:
    """End a membership today."""
    member = group_selectors.member(pk)
    _writable(request, member.group)
    guard.attempt(request, lambda: verbs.remove_member(member=member, by=request.user), _("Left the group."))
    return redirect("working_group", pk=member.group_id)


def _page(request: HttpRequest, found: Any, **forms_given) -> HttpResponse:
    may_write = bool(may(request.user, Permission.COMMAND_WRITE, found.area_id))
    offered = {"join": JoinForm(found), "hand": TaskForm()} if may_write else {}
    context = {
        "group": group_selectors.described([found])[0], "found": found, "may_write": may_write,
        "tasks": group_selectors.tasks_of(found)[:SHOWN], "past": group_selectors.past_members(found)[:SHOWN],
        **{name: widgets.dress(form) for name, form in offered.items()}, **forms_given,
    }  # fmt: skip
    return render(request, "command/group.html", context, status=422 if forms_given else 200)


def _writable(request: HttpRequest, found: Any) -> Any:
    require(request.user, Permission.COMMAND_WRITE, found.area_id)
    return found
