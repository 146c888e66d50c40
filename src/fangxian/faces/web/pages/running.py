"""What an officer does with a case: respond again, correct the onset, confirm, withdraw; and watching a job."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRefresh

from fangxian.core import jobs
from fangxian.core.jobs import Job
from fangxian.core.permissions import Permission, require
from fangxian.core.records import Conflict
from fangxian.faces.web.pages import guard
from fangxian.registers import site
from fangxian.systems.cases import selectors as cases
from fangxian.systems.cases import services
from fangxian.systems.cases.classification import Basis
from fangxian.systems.testing import selectors as testing
from fangxian.systems.testing import services as testing_services

RESPOND = "cases.respond"


CONFIRMING = {
    Basis.CLINICAL: (_("Confirm clinically"), _("Take the clinical confirmation back")),
    Basis.EPIDEMIOLOGICAL: (_("Confirm epidemiologically"), _("Take the epidemiological confirmation back")),
}  # fmt: skip
GIVEN_HELP = _("The finding or the source, for example “CT of 14 March, physician Zhang”.")
BACK_HELP = _("It stays in the history with this reason; the case is open to investigation again.")


class OnsetForm(forms.Form):
    """The day of onset, or none."""

    onset_on = forms.DateField(
        label=_("Onset"), required=False, help_text=_("Leave empty when there were no symptoms."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip
    onset_precision = forms.ChoiceField(label=_("How well it is known"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["onset_precision"].choices = site.get("cases.case").model._meta.get_field("onset_precision").choices


class WithdrawForm(forms.Form):
    """Which way it is taken back, and why."""

    how = forms.ChoiceField(
        label=_("What is withdrawn"), widget=forms.RadioSelect,
        choices=[("result", _("The laboratory's result: it was wrong or belongs to somebody else")),
                 ("case", _("The case: it is none, whatever the result says"))],
    )  # fmt: skip
    reason = forms.CharField(label=_("Why"), min_length=4, max_length=200)


@guard.needs(Permission.RESPOND_RUN)
@require_POST
def respond(request: HttpRequest, pk) -> HttpResponse:
    """Run the response again; harmless when nothing has changed."""
    found = cases.case(pk)
    require(request.user, Permission.RESPOND_RUN, found.area_id)
    _enqueue(request, found)
    return _to(found)


@guard.needs(Permission.CASES_WRITE)
@require_http_methods(["GET", "POST"])
def onset(request: HttpRequest, pk) -> HttpResponse:
    """Correct the onset; the window moves, so the response runs again and says what that changed."""
    found = cases.case(pk)
    initial = {"onset_on": found.onset_on, "onset_precision": found.onset_precision}
    form = OnsetForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        base = int(request.POST["base_version"]) if request.POST.get("base_version", "").isdecimal() else None
        if _changed(request, found, base, form.cleaned_data):
            _enqueue(request, found)
            return _to(found)
    return _form(request, found, form, _("Correct the onset"), _("Correct and run the response again"))


@guard.needs(Permission.CASES_WRITE)
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, pk) -> HttpResponse:
    """Take the result or the case back; what hung on it is cancelled by the next run of the response."""
    found = cases.case(pk)
    form = WithdrawForm(
        request.POST if request.method == "POST" else None, initial={"how": "result" if found.result_id else "case"}
    )
    if not found.result_id:
        del form.fields["how"]
    if request.method == "POST" and form.is_valid():
        reason, act = form.cleaned_data["reason"], _discard
        if form.cleaned_data.get("how") == "result":
            act = _withdraw_result
        if guard.attempt(request, lambda: act(request, found, reason), _("Withdrawn; the response runs again.")):
            return _to(found)
    return _form(request, found, form, _("Withdraw"), _("Withdraw and run the response again"), danger=True)


class ConfirmationForm(forms.Form):
    """On what the confirmation rests, or why it is taken back."""

    reason = forms.CharField(max_length=200, min_length=4)

    def __init__(self, *args, is_back: bool, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["reason"]
        field.label = _("Why it is taken back") if is_back else _("On what it rests")
        field.help_text = BACK_HELP if is_back else GIVEN_HELP


@guard.needs(Permission.CASES_WRITE)
@require_http_methods(["GET", "POST"])
def confirmation(request: HttpRequest, pk, basis: Basis) -> HttpResponse:
    """Confirm a case clinically or epidemiologically, or take that back; its classification follows."""
    found = cases.case(pk)
    require(request.user, Permission.CASES_WRITE, found.area_id)
    is_back = getattr(found, f"{basis}_at") is not None
    form = ConfirmationForm(request.POST if request.method == "POST" else None, is_back=is_back)
    if request.method == "POST" and form.is_valid() and _decided(request, found, basis, form.cleaned_data["reason"]):
        return redirect("case", found.pk)
    title = CONFIRMING[basis][is_back]
    options = {"danger": is_back, "question": _("The classification follows from the three confirmations.")}
    return _form(request, found, form, title, title, **options)


def _decided(request: HttpRequest, found, basis: Basis, reason: str) -> bool:
    """Do what the visitor's page offered; somebody else may have done it meanwhile, then nothing changes."""
    by, wants_back = request.user, request.POST.get("back") == "1"
    if wants_back != (getattr(found, f"{basis}_at") is not None):
        messages.info(request, _("Somebody else did that meanwhile."))
        return True
    act = services.withdraw_confirmation if wants_back else services.confirm
    given = {"reason": reason} if wants_back else {"note": f"{found.note}\n{reason}".strip()}
    done = _("Taken back.") if wants_back else _("Confirmed.")
    return guard.attempt(request, lambda: act(found, by=by, basis=basis, **given), done)


@guard.signed_in
@require_GET
def job(request: HttpRequest, pk) -> HttpResponse:
    """How far a job is; the page that asked reloads when it is finished. One's own, or with the right to see jobs."""
    found = Job.objects.get(pk=pk)
    if found.created_by_id != request.user.pk:
        require(request.user, Permission.JOBS_READ)
    if found.state in (Job.State.DONE, Job.State.FAILED):
        return HttpResponseClientRefresh()
    return render(request, "shell/progress.html", {"job": found, "url": reverse("job_progress", args=[found.pk])})


def job_of(found) -> Job | None:
    """The response to a case that is waiting or on its way."""
    open_states = [Job.State.QUEUED, Job.State.RUNNING]
    return Job.objects.filter(kind=RESPOND, key=str(found.pk), state__in=open_states).first()


def _enqueue(request: HttpRequest, found) -> None:
    jobs.enqueue(RESPOND, by=request.user, key=str(found.pk), case_id=str(found.pk))
    messages.info(request, _("The response runs; this page shows what it changes when it is finished."))


def _changed(request: HttpRequest, found, base: int | None, values: dict) -> bool:
    try:
        return guard.attempt(
            request, lambda: services.change_case(by=request.user, case=found, base_version=base, **values)
        )
    except Conflict as conflict:
        clash = conflict.clashes[0]
        messages.error(request, _("%(by)s changed this meanwhile to “%(stored)s”. Look again before you save.")
                       % {"by": clash.by, "stored": clash.stored})  # fmt: skip
        return False


def _discard(request: HttpRequest, found, reason: str) -> None:
    services.discard(found, by=request.user, reason=reason)
    jobs.enqueue(RESPOND, by=request.user, key=str(found.pk), case_id=str(found.pk))


def _withdraw_result(request: HttpRequest, found, reason: str) -> None:
    require(request.user, Permission.TESTING_WRITE, found.area_id)
    if not found.result_id:
        raise ValidationError(_("This case has no laboratory result."))
    result = testing.result(found.result_id)
    testing_services.withdraw(result, by=request.user, reason=reason)  # queues what follows from it


def _form(request: HttpRequest, found, form, title, button, *, danger: bool = False, question="") -> HttpResponse:
    context = {"case": found, "form": form, "title": title, "button": button, "danger": danger, "question": question}
    return render(request, "cases/act.html", context, status=422 if form.errors else 200)


def _to(found) -> HttpResponse:
    return redirect(f"{reverse('case', args=[found.pk])}?tab=responses")
