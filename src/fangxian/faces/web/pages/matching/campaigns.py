"""Screening campaigns: begin one with matched lists, see how far each village is, report who was found."""

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fangxian.core.areas import Area
from fangxian.core.permissions import Permission, may
from fangxian.faces.web.pages import guard
from fangxian.registers import site
from fangxian.systems.people import lists
from fangxian.systems.screening import campaigns
from fangxian.workflows import screening_campaign

PAGE = 50
TARGET = "screening.target"
TONES = {"PENDING": "warning", "FOUND": "info", "NOT_FOUND": "danger", "TRANSFERRED": "neutral", "DONE": "success"}


class BeginForm(forms.Form):
    """A name, a reason and the lists."""

    name = forms.CharField(label=_("Name"), max_length=80)
    reason = forms.CharField(label=_("Why"), min_length=4, max_length=200)
    area = forms.ChoiceField(label=_("In the area"))
    lists = forms.MultipleChoiceField(
        label=_("Lists"), widget=forms.CheckboxSelectMultiple,
        help_text=_("Only matched lists; whoever stands on several is looked for once."),
    )  # fmt: skip

    def __init__(self, *args, officer, **kwargs):
        super().__init__(*args, **kwargs)
        posts = officer.posts_with(Permission.SCREENING_WRITE)
        self.fields["area"].choices = [(post.area_id, str(post.area)) for post in posts]
        ready = lists.lists().filter(state="READY")[:30]
        self.fields["lists"].choices = [(str(one.pk), f"{one.name} · {one.origin}") for one in ready]


@guard.needs(Permission.SCREENING_READ)
@require_http_methods(["GET", "POST"])
def campaigns_(request: HttpRequest) -> HttpResponse:
    """All campaigns; a form to begin one, for whoever may."""
    form = None
    if may(request.user, Permission.SCREENING_WRITE) and may(request.user, Permission.PEOPLE_IMPORT):
        form = BeginForm(request.POST if request.method == "POST" else None, officer=request.user,
                         initial={"lists": request.GET.getlist("list")})  # fmt: skip
        if request.method == "POST" and form.is_valid() and (begun := _begin(request, form)):
            return redirect("campaign", begun.pk)
    rows = list(campaigns.campaigns()[:PAGE])
    for row in rows:
        row.whole = campaigns.whole(campaigns.coverage(row))
    return render(request, "matching/campaigns.html", {"campaigns": rows, "form": form})


@guard.needs(Permission.SCREENING_READ)
@require_GET
def campaign(request: HttpRequest, pk) -> HttpResponse:
    """How far a campaign is, village by village, the slowest first; every figure opens its people."""
    found = campaigns.campaign(pk)
    parts = campaigns.coverage(found)
    outcome, area = request.GET.get("outcome", ""), request.GET.get("area", "")
    targets = campaigns.targets(found.pk, outcome=outcome, area_code=area)
    page = Paginator(targets, PAGE).get_page(request.GET.get("page"))
    whole = campaigns.whole(parts)
    context = {
        "campaign": found, "parts": [(one, _figures(one)) for one in parts], "whole": whole,
        "figures": _figures(whole), "page": page, "outcome": outcome, "area": area, "tones": TONES,
        "may_close": not found.closed_at and may(request.user, Permission.SCREENING_WRITE, found.area_id),
    }  # fmt: skip
    return render(request, "matching/campaign.html", context)


@guard.needs(Permission.SCREENING_WRITE)
@require_POST
def close(request: HttpRequest, pk) -> HttpResponse:
    """End a campaign in which nobody is missing."""
    found = campaigns.campaign(pk)
    done = _("Closed.")
    guard.attempt(request, lambda: screening_campaign.close(campaign=found, by=request.user), done)
    return redirect("campaign", found.pk)


@guard.needs(Permission.PEOPLE_WRITE)
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """Who is still to be found in my areas, door by door, for the phone."""
    waiting = campaigns.targets().exclude(outcome="DONE").select_related("person__household")
    page = Paginator(waiting, PAGE).get_page(request.GET.get("page"))
    for row in page:
        row.tone = TONES[row.outcome]
    return render(request, "matching/mine.html", {"page": page})


@guard.needs(Permission.PEOPLE_WRITE)
@require_POST
def report(request: HttpRequest, pk) -> HttpResponse:
    """One person: found, not found, now elsewhere, done."""
    found = campaigns.target(pk)
    outcome = request.POST.get("outcome", "")
    if outcome in site.get(TARGET).model.Outcome.values:
        given = {"note": request.POST.get("note", "")[:200], "moved_to": request.POST.get("moved_to", "")[:120]}
        guard.attempt(
            request, lambda: screening_campaign.report(target=found, outcome=outcome, by=request.user, **given),
            _("%(name)s: reported.") % {"name": found.person.name},
        )  # fmt: skip
    return redirect("to_be_found")


def _begin(request: HttpRequest, form: BeginForm):
    given, kept = form.cleaned_data, []

    def begin() -> None:
        brought = [lists.source_list(pk) for pk in given["lists"]]
        kept.append(
            screening_campaign.begin(
                by=request.user, area=Area.objects.get(code=given["area"]), name=given["name"],
                reason=given["reason"], source_lists=brought,
            )
        )  # fmt: skip

    done = _("The campaign is begun; every cell has its task.")
    return kept[0].campaign if guard.attempt(request, begin, done) else None


def _figures(covered) -> list[tuple]:
    names = dict(site.get(TARGET).model.Outcome.choices)
    return [(outcome, name, covered.outcomes[outcome], TONES[outcome]) for outcome, name in names.items()]
