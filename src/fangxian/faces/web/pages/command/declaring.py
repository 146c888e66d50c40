"""Declaring an operating mode: what would change is shown first; then one officer declares, a second agrees."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fangxian.core.areas import Area
from fangxian.core.clock import now
from fangxian.core.jobs import Job
from fangxian.core.modes import FOLLOW, Mode, OperatingMode
from fangxian.core.permissions import Permission, Refused, may, require
from fangxian.faces.web.pages import guard, lists
from fangxian.faces.web.pages.command import rules
from fangxian.faces.web.pages.command.board import area_of
from fangxian.faces.web.pages.command.standing import ICONS, TONES
from fangxian.faces.web.registers import named, widgets
from fangxian.registers.forms import MomentInput
from fangxian.systems.command import mode_selectors
from fangxian.systems.command import modes as verbs
from fangxian.workflows import mode_switch

State = OperatingMode.State
CHOICES = [*Mode.choices, (FOLLOW, gettext_lazy("As the area above"))]
Found = OperatingMode
STEPS: dict[str, Callable[[Any], Callable[..., Any]]] = {
    "confirm": lambda post: verbs.confirm,
    "refuse": lambda post: lambda **given: verbs.refuse(reason=post.get("reason", ""), **given),
    "withdraw": lambda post: lambda **given: verbs.withdraw(reason=post.get("reason", ""), **given),
}
DONE = {
    "confirm": gettext_lazy("Declared. Everybody with a post there is asked to acknowledge it."),
    "refuse": gettext_lazy("Turned down."), "withdraw": gettext_lazy("Taken back."),
}  # fmt: skip


class DeclareForm(forms.Form):
    """From when on, why, by which document."""

    from_at = forms.DateTimeField(
        label=gettext_lazy("In force from"), required=False, help_text=gettext_lazy("Leave empty: at once."),
        widget=MomentInput,
    )  # fmt: skip
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300)
    basis = forms.CharField(
        label=gettext_lazy("By document"), max_length=120, help_text=gettext_lazy("Number of the notice or decision.")
    )


@guard.needs(Permission.COMMAND_WRITE)
@require_http_methods(["GET", "POST"])
def declare(request: HttpRequest) -> HttpResponse:
    """The choice of a mode, what it would change, and the form that declares it."""
    area = area_of(request, Permission.COMMAND_WRITE)
    wanted = request.GET.get("mode", "")
    wanted = wanted if wanted in dict(CHOICES) else ""
    form = widgets.dress(DeclareForm(request.POST or None))
    if request.method == "POST" and wanted and form.is_valid():
        made = _declared(request, area, wanted, form)
        if made is not None:
            return redirect("mode", pk=made.pk)
    ahead = mode_switch.look_ahead(area, wanted) if wanted else None
    context = {
        "area": area, "choices": CHOICES, "wanted": wanted, "form": form, "ahead": ahead,
        "rules": rules.rows(ahead.rules, area) if ahead else [],
    }  # fmt: skip
    return render(request, "command/declare.html", context, status=422 if form.errors else 200)


@guard.needs(Permission.COMMAND_READ)
@require_GET
def mode(request: HttpRequest, pk) -> HttpResponse:
    """One declaration: who said it, who agreed, what followed, and who has acknowledged it."""
    found = mode_selectors.declaration(pk)
    waits = found.state == State.PROPOSED
    context = {
        "found": found, "waits": waits, "may_write": bool(may(request.user, Permission.COMMAND_WRITE, found.area_id)),
        "is_first": request.user.pk in (found.created_by_id, found.changed_by_id),
        "to_come": found.state == State.DECLARED and found.from_at > now(),
        "figures": [] if waits else _figures(found), "job": _job(request, found),
        "tone": TONES.get(found.mode, "neutral"), "icon": ICONS.get(found.mode, "arrow-up"),
    }  # fmt: skip
    return render(request, "command/mode.html", context)


@guard.needs(Permission.COMMAND_WRITE)
@require_POST
def act(request: HttpRequest, pk, act: str) -> HttpResponse:
    """Agree, turn down, take back; a refusal's reason stands on the page."""
    found = mode_selectors.declaration(pk)
    verb = STEPS[act](request.POST)
    guard.attempt(request, lambda: verb(declaration=found, by=request.user), DONE[act])
    return redirect("mode", pk=pk)


def _declared(request: HttpRequest, area: Area, wanted: str, form: forms.Form) -> Found | None:
    """The declaration, or None with the reason on the form."""
    require(request.user, Permission.COMMAND_WRITE, area.code)
    try:
        made = verbs.declare(by=request.user, area=area, mode=wanted, **form.cleaned_data)
    except ValidationError as error:
        form.add_error(None, error.messages)
        return None
    except Refused as refused:
        form.add_error(None, str(refused))
        return None
    waits = made.state == State.PROPOSED
    messages.success(request, _("A second person has to agree now.") if waits else str(DONE["confirm"]))
    return made


def _figures(found: Found) -> list[dict[str, Any]]:
    """How many were asked to acknowledge, and who has not yet; each opens the tasks."""
    rows = named.rows(lists.TASKS, "of_mode", str(found.pk)).order_by()
    counts = rows.aggregate(asked=Count("pk"), waiting=Count("pk", filter=lists.OPEN_TASK),
                            late=Count("pk", filter=lists.OPEN_TASK & Q(due_at__lt=now())))  # fmt: skip
    return [
        {"label": _("Asked to acknowledge"), "value": counts["asked"], "url": _url("of_mode", found)},
        {"label": _("Not yet acknowledged"), "value": counts["waiting"], "url": _url("of_mode_open", found),
         "tone": "warning" if counts["waiting"] else "success"},
        {"label": _("Overdue"), "value": counts["late"], "url": _url("of_mode_late", found),
         "tone": "danger" if counts["late"] else ""},
    ]  # fmt: skip


def _url(key: str, found: Found) -> str:
    return named.url(lists.TASKS, key, str(found.pk))


def _job(request: HttpRequest, found: Found) -> Job | None:
    """The switch on its way, where the officer may watch it."""
    job = Job.objects.filter(kind=mode_switch.JOB, key=str(found.pk)).order_by("-created_at").first()
    if job is None or (job.created_by_id != request.user.pk and not may(request.user, Permission.JOBS_READ)):
        return None
    return job
