"""Boxes of tubes, the laboratory's page with its file of results, and accidents looked into."""

from django import forms as django_forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from fangxian.core import diseases
from fangxian.core.permissions import Permission, may, require
from fangxian.core.records import Source
from fangxian.faces.web.pages import guard
from fangxian.faces.web.templatetags import shell
from fangxian.registers import runs, sheets, site
from fangxian.systems.testing import selectors, services
from fangxian.systems.testing.services import ResultRow

MOST_BATCHES, MOST_WORDS = 100, 50
RESULTS = "testing.labresult"
COLUMNS = {
    "barcode": ("barcode", "tube", "管码", "试管编号", "条码"), "disease": ("disease", "病种", "疾病"),
    "value": ("result", "value", "结果", "检测结果"), "tested_at": ("tested", "tested_at", "检测时间"),
    "laboratory": ("laboratory", "实验室", "检测机构"),
}  # fmt: skip
"""How laboratories head their columns."""


SAID = {
    "barcode": _("Barcode"), "barcodes": _("Barcode"), "tube": _("Tube"), "size": _("Size"),
    "point": _("Sampling point"), "sampled_at": _("Sampled"), "before": _("Sampled, as it was noted before"),
    "value": _("Result"), "tested_at": _("Tested"), "laboratory": _("Laboratory"), "disease": _("Disease"),
    "step": _("At which step"), "count": _("Tubes counted"), "packed": _("Tubes packed"), "reason": _("Reason"),
    "packed_at": _("Packed at the point"), "sent_at": _("Handed to the carrier"),
    "received_at": _("Received by the laboratory"),
}  # fmt: skip
"""What an accident may say of what was sent; ids stay out of sight."""
STEPS = {"sent": _("Handed to the carrier"), "received": _("Received by the laboratory"),
         "received again": _("Received once more")}  # fmt: skip


class ReceiveForm(django_forms.Form):
    """Counting a box in."""

    laboratory = django_forms.CharField(label=_("Laboratory"), max_length=80)
    count = django_forms.IntegerField(label=_("Tubes counted"), min_value=0)
    barcodes = django_forms.CharField(
        label=_("Barcodes scanned"), required=False, widget=django_forms.Textarea({"rows": 4}),
        help_text=_("One after the other; leave it empty when only counted."),
    )  # fmt: skip


@guard.needs(Permission.TESTING_WRITE)
@require_POST
def pack(request: HttpRequest, pk) -> HttpResponse:
    """Pack the chosen tubes of a point."""
    point = selectors.sampling_point(pk)
    require(request.user, Permission.TESTING_WRITE, point.area_id)
    said = {name: request.POST.get(name, "").strip()[:80] for name in ("number", "laboratory")}
    codes = request.POST.getlist("barcode")
    guard.attempt(
        request,
        lambda: services.pack_batch(by=request.user, point=point, barcodes=codes, **_needed(said)),
        _("The box is packed."),
    )
    return redirect("sampling_point", point.pk)


@guard.needs(Permission.TESTING_WRITE)
@require_GET
def laboratory(request: HttpRequest) -> HttpResponse:
    """Boxes on their way and received, tubes without a result for too long, the file of results."""
    boxes = selectors.batches()[:MOST_BATCHES]
    context = {
        "coming": [box for box in boxes if box.state in ("PACKED", "ON_THE_WAY", "SHORT")],
        "received": [box for box in boxes if box.state == "RECEIVED"][:20],
        "late": selectors.late_tubes()[:MOST_WORDS],
        "accidents": selectors.open_accidents(),
        "newest": selectors.newest_accidents(MOST_WORDS),
        "diseases": diseases.choices(get_language() or ""),
        "usual": next((one.disease for one in selectors.latest_rounds(1)), ""),
    }
    return render(request, "rounds/laboratory.html", context)


@guard.needs(Permission.TESTING_IMPORT)
@require_POST
def results_file(request: HttpRequest) -> HttpResponse:
    """A laboratory's file: each row is taken, known, or refused with row, field and reason."""
    run = ledger = None

    def take() -> None:
        nonlocal run, ledger
        table = sheets.read(_upload(request))
        ledger = services.import_results(_rows(request, table), by=request.user, source=Source.IMPORT)
        ledger.headings, refused = table.headings, {reject.row for reject in ledger.rejects}
        ledger.repair = [cells for number, cells in table.numbered() if number in refused]
        run = runs.keep(site.get(RESULTS), ledger, request.FILES["file"].name, by=request.user)

    if not guard.attempt(request, take) or ledger is None:
        return redirect("laboratory")
    words = [(word, SAID.get(word.field, word.field)) for word in ledger.rejects[:MOST_WORDS]]
    context = {"ledger": ledger, "words": words, "more": len(ledger.rejects) - len(words), "run": run, "slug": RESULTS}
    return render(request, "rounds/results_file.html", context)


@guard.needs(Permission.TESTING_READ)
@require_GET
def batch(request: HttpRequest, pk) -> HttpResponse:
    """One box: its hand-overs, its tubes, its accidents."""
    box = selectors.batch(pk)
    may_write = bool(may(request.user, Permission.TESTING_WRITE, box.area_id))
    context = {
        "box": box, "tubes": selectors.tubes_in(box), "accidents": box.accidents.all(),
        "receive": ReceiveForm(initial={"laboratory": box.laboratory}) if may_write else None, "may_write": may_write,
    }  # fmt: skip
    return render(request, "rounds/batch.html", context)


@guard.needs(Permission.TESTING_WRITE)
@require_POST
def send(request: HttpRequest, pk) -> HttpResponse:
    """Hand a box to its carrier."""
    box = _box(request, pk)
    count = request.POST.get("count", "")
    guard.attempt(
        request,
        lambda: services.send_batch(
            by=request.user,
            batch=box,
            carrier=request.POST.get("carrier", "")[:80],
            count=int(count) if count.isdigit() else None,
        ),  # fmt: skip
        _("Handed to the carrier."),
    )
    return redirect("tube_batch", box.pk)


@guard.needs(Permission.TESTING_WRITE)
@require_POST
def receive(request: HttpRequest, pk) -> HttpResponse:
    """Count a box in; what differs is noted."""
    box = _box(request, pk)
    form = ReceiveForm(request.POST)
    if not form.is_valid():
        messages.error(request, gettext("Say which laboratory, and how many tubes you counted."))
        return redirect("tube_batch", box.pk)
    said = form.cleaned_data
    codes = said["barcodes"].split() or None
    guard.attempt(
        request,
        lambda: services.receive_batch(
            by=request.user, batch=box, laboratory=said["laboratory"], count=said["count"], barcodes=codes
        ),
        _("Counted in."),
    )
    return redirect("tube_batch", box.pk)


@guard.needs(Permission.TESTING_READ)
@require_GET
def accident(request: HttpRequest, pk) -> HttpResponse:
    """One accident: what was sent, what was done at once, what was found out."""
    found = selectors.accident(pk)
    may_close = bool(may(request.user, Permission.TESTING_WRITE, found.area_id))
    said = [(SAID[name], _read(name, value)) for name, value in found.said.items() if name in SAID]
    context = {
        "accident": found, "may_close": may_close, "said": said, "field": SAID.get(found.field, found.field),
    }  # fmt: skip
    return render(request, "rounds/accident.html", context)


@guard.needs(Permission.TESTING_WRITE)
@require_POST
def close_accident(request: HttpRequest, pk) -> HttpResponse:
    """Say what was found out."""
    found = selectors.accident(pk)
    require(request.user, Permission.TESTING_WRITE, found.area_id)
    note = request.POST.get("note", "").strip()[:200]
    guard.attempt(request, lambda: services.close_accident(found, by=request.user, note=note), _("Kept."))
    return redirect("lab_accident", found.pk)


def _read(name: str, value: object) -> object:
    """A moment as a moment, a finding and a step in words."""
    text = str(value)
    if name.endswith("_at") or name == "before":
        moment = parse_datetime(text)
        return shell.moment(moment) if moment else text
    return {**STEPS, **dict(selectors.FINDINGS)}.get(text, text)


def _box(request: HttpRequest, pk):
    box = selectors.batch(pk)
    require(request.user, Permission.TESTING_WRITE, box.area_id)
    return box


def _needed(said: dict[str, str]) -> dict[str, str]:
    for name, value in said.items():
        if not value:
            raise ValidationError({name: _("Number and laboratory are both needed.")})
    return said


def _upload(request: HttpRequest) -> bytes:
    upload = request.FILES.get("file")
    if upload is None:
        raise ValidationError(_("Choose a file first."))
    return upload.read()


def _rows(request: HttpRequest, table: sheets.Table) -> list[ResultRow]:
    """The rows of an uploaded sheet, by the headings laboratories use."""
    heads = [str(head).strip().lower() for head in table.headings]
    at = {name: next((heads.index(word) for word in words if word in heads), None) for name, words in COLUMNS.items()}
    if at["barcode"] is None or at["value"] is None or at["tested_at"] is None:
        raise ValidationError(_("The sheet needs columns for barcode, result and time of the test."))
    given = {
        "disease": request.POST.get("disease", "").strip(),
        "laboratory": request.POST.get("laboratory", "").strip(),
    }
    return [ResultRow(number, **_cells(cells, at, given)) for number, cells in table.numbered()]


def _cells(cells: list, at: dict[str, int | None], given: dict[str, str]) -> dict:
    said = {name: cells[place] if place is not None and place < len(cells) else "" for name, place in at.items()}
    return {name: value if value not in ("", None) else given.get(name, "") for name, value in said.items()}
