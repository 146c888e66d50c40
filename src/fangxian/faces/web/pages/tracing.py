"""Tracing by hand: who met a case, for a purpose; both are recorded. The rules are the workflow's."""

from uuid import UUID

from django import forms as django_forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from fangxian.core.permissions import Permission, Refused
from fangxian.faces.web.pages import guard, lists
from fangxian.faces.web.registers import widgets
from fangxian.registers import forms, site
from fangxian.systems.people import selectors as people
from fangxian.systems.screening import selectors as screening
from fangxian.workflows.trace_for_purpose import Answer, Purpose, Question, ask

PEOPLE, PLACES = "people.person", "screening.place"
MINUTE = 60


def _moment(label, **options) -> django_forms.DateTimeField:
    widget = django_forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return django_forms.DateTimeField(label=label, widget=widget, required=False, **options)


class TraceForm(django_forms.Form):
    """For which case, what for, where and when."""

    purpose = django_forms.ChoiceField(
        label=_("What for"), choices=Purpose.choices,
        help_text=_("Recorded with your name, the case and what was found."),
    )  # fmt: skip
    note = django_forms.CharField(label=_("Note"), max_length=200, required=False)
    starts_at = _moment(_("From"), help_text=_("Empty: the case's infectious window by the rules."))
    ends_at = _moment(_("Until"))
    lag = django_forms.IntegerField(label=_("Also who came after (minutes)"), min_value=0, max_value=240, initial=0)
    least = django_forms.IntegerField(label=_("At least together (minutes)"), min_value=0, max_value=720, initial=0)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["case"] = forms.RecordField(site.get(lists.CASES).model, label=_("Case"))
        self.fields["place"] = forms.RecordField(site.get(PLACES).model, label=_("Only at this place"), required=False,
                                                 help_text=_("Empty: everywhere the case was."))  # fmt: skip
        widgets.dress(self)
        self.order_fields(("case", "purpose", "note", "place", "starts_at", "ends_at", "lag", "least"))

    def clean(self) -> dict:
        given = super().clean()
        if given.get("starts_at") and given.get("ends_at") and given["ends_at"] <= given["starts_at"]:
            self.add_error("ends_at", _("The end lies before the beginning."))
        return given

    def question(self) -> Question:
        """What was asked, in the workflow's words."""
        given = self.cleaned_data
        place = given["place"].pk if given["place"] else None
        return Question(given["case"], given["purpose"], given["note"], place, given["starts_at"], given["ends_at"],
                        given["lag"] * MINUTE, given["least"] * MINUTE)  # fmt: skip


@guard.needs(Permission.TRACE_RUN)
@require_http_methods(["GET", "POST"])
def tracing(request: HttpRequest) -> HttpResponse:
    """The question, and after it the answer with the meetings behind every line."""
    form = TraceForm(request.POST if request.method == "POST" else None, initial={"case": request.GET.get("case", "")})
    context = {"form": form}
    if request.method == "POST" and form.is_valid():
        question = form.question()
        try:
            context |= _shown(request.user, question, ask(question, by=request.user))
        except Refused as refused:
            form.add_error(None, str(refused))
    return render(request, "situation/tracing.html", context, status=422 if form.errors else 200)


def _shown(officer, question: Question, answer: Answer) -> dict:
    """The people of the officer's areas with their meetings; others are counted, not named."""
    known, places = _names(officer, answer)
    lines = [_line(known[person], places, met) for person, met in answer.met.items() if person in known]
    lines.sort(key=lambda line: (-line["seconds"], line["first"]))
    return {"case": question.case, "answer": answer, "lines": lines, "found": len(answer.met),
            "elsewhere": len(answer.met) - len(lines)}  # fmt: skip


def _names(officer, answer: Answer) -> tuple[dict[UUID, object], dict[UUID, object]]:
    with site.get(PEOPLE).scope(officer, "read"):
        known = people.by_ids(answer.met)
    with site.get(PLACES).scope(officer, "read"):
        return known, screening.by_ids({meeting.place for met in answer.met.values() for meeting in met})


def _line(person, places: dict[UUID, object], met: list) -> dict:
    pieces = [{"place": places.get(meeting.place), "starts": meeting.entered_at, "ends": meeting.left_at,
               "minutes": meeting.overlap_s // MINUTE} for meeting in met]  # fmt: skip
    seconds = sum(meeting.overlap_s for meeting in met)
    first = min(meeting.entered_at for meeting in met)
    return {"person": person, "pieces": pieces, "seconds": seconds, "minutes": seconds // MINUTE, "first": first}
