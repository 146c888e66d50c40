"""Sheets in and out: an import is tried, looked at and confirmed; an export is what the list shows."""

from collections.abc import AsyncIterator, Iterator
from itertools import islice

from asgiref.sync import sync_to_async
from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from fangxian.core import clock, scope
from fangxian.core.jobs import Job
from fangxian.faces.web.registers import access, asking, named
from fangxian.registers import exports, imports, runs, sheets
from fangxian.registers.forms import form_fields
from fangxian.registers.runs import ImportRun

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
AT_A_TIME = 500
REJECTS_SHOWN = 200
LEDGER = (
    ("inserted", _("new"), "success"), ("updated", _("changed"), "info"), ("unchanged", _("unchanged"), "neutral"),
    ("duplicate", _("duplicate"), "neutral"), ("rejected", _("rejected"), "danger"), ("blank", _("blank"), "neutral"),
)  # fmt: skip


class UploadForm(forms.Form):
    """The sheet."""

    file = forms.FileField(
        label=_("Sheet"), help_text=_("Excel (.xlsx, .xls), OpenDocument or CSV; up to 20 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.ods,.csv,.txt"}),
    )  # fmt: skip


@access.requires("import")
@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest, register) -> HttpResponse:
    """Take a sheet and try it; nothing is written yet."""
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        run = runs.begin(register, file.read(), file.name, by=request.user)
        return redirect("register_import_run", register.slug, run.pk)
    mine = runs.mine(request.user).filter(register=register.slug).defer("upload", "repair")[:8]
    context = {"register": register, "form": form, "runs": mine, "columns": _columns(register)}
    return render(request, "registers/import.html", context, status=422 if form.errors else 200)


@access.requires("import")
@require_GET
def run(request: HttpRequest, register, pk) -> HttpResponse:
    """What a trial or an import said; a long one shows how far it is and asks again by itself."""
    found = _mine(request, register, pk)
    job = _job(found)
    address = reverse("register_import_run", args=[register.slug, found.pk])
    if request.htmx:
        return render(request, "shell/progress.html", {"job": job, "url": address}) if job else _go(address)
    context = {"register": register, "run": found, "job": job, "url": address, **_ledger(register, found)}
    return render(request, "registers/import_run.html", context)


@access.requires("import")
@require_POST
def confirm(request: HttpRequest, register, pk) -> HttpResponse:
    """Import what was tried."""
    found = _mine(request, register, pk)
    try:
        runs.confirm(found, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("register_import_run", register.slug, found.pk)


@access.requires("import")
@require_GET
def repair(request: HttpRequest, register, pk) -> HttpResponse:
    """The rejected rows with their reasons, to be mended and imported again."""
    found = _mine(request, register, pk)
    return _file(found.repair_sheet, XLSX, f"{register.slug}-repair.xlsx")


@access.requires("import")
@require_GET
def template(request: HttpRequest, register) -> HttpResponse:
    """An empty sheet with the headings in the reader's language."""
    return _file(sheets.write_xlsx(imports.template(register), []), XLSX, f"{register.slug}.xlsx")


@access.requires("export")
@require_GET
def export(request: HttpRequest, register, form: str) -> HttpResponse:
    """The rows the list selects, without identity numbers; logged."""
    register = named.narrow(register, request.GET.get("list", ""), request.GET.get("value", ""))
    query = asking.query_of(register, request.GET)
    name = f"{register.slug}-{clock.today():%Y%m%d}.{form}"
    if form == "xlsx":
        return _file(exports.xlsx(register, query, by=request.user), XLSX, name)
    pieces = _pieces(exports.csv(register, query, by=request.user), scope.current())
    body = _asynchronous(pieces) if isinstance(request, ASGIRequest) else pieces
    return _named(StreamingHttpResponse(body, content_type="text/csv; charset=utf-8"), name)


def _pieces(lines: Iterator[str], in_force: scope.Scope) -> Iterator[str]:
    """The text in larger pieces; each is read in the scope of the request, which by then has ended."""
    while True:
        with scope.use(in_force):
            part = "".join(islice(lines, AT_A_TIME))
        if not part:
            return
        yield part


async def _asynchronous(pieces: Iterator[str]) -> AsyncIterator[str]:
    while (part := await sync_to_async(next)(pieces, None)) is not None:
        yield part


def _mine(request: HttpRequest, register, pk) -> ImportRun:
    return runs.mine(request.user).get(pk=pk, register=register.slug)


def _job(found: ImportRun) -> Job | None:
    """The job that is at it, if one still is."""
    if found.state not in (ImportRun.State.TRYING, ImportRun.State.IMPORTING):
        return None
    return Job.objects.filter(kind="registers.import", key=f"{found.pk}-{found.state}").first()


def _ledger(register, found: ImportRun) -> dict:
    counts = [(key, found.ledger.get(key, 0), label, tone) for key, label, tone in LEDGER]
    rejects = found.ledger.get("rejects", [])
    return {
        "counts": counts,
        "rejects": [{**reject, "label": _label(register, reject["field"])} for reject in rejects[:REJECTS_SHOWN]],
        "rejects_more": max(0, len(rejects) - REJECTS_SHOWN),
        "taken": found.ledger.get("inserted", 0) + found.ledger.get("updated", 0),
    }


def _label(register, name: str) -> str:
    return str(register.model._meta.get_field(name).verbose_name) if name in register.form else ""


def _columns(register) -> list[tuple[str, bool, str]]:
    """Headings of the sheet: name, whether it must be filled, the words it may hold."""
    made = []
    for field in form_fields(register).values():
        words = [str(label) for value, label in getattr(field, "choices", []) if value][:12]
        made.append((str(field.label), field.required, " / ".join(words)))
    return made


def _go(address: str) -> HttpResponse:
    return HttpResponseClientRedirect(address)


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    return _named(HttpResponse(content, content_type=kind), name)


def _named(response: HttpResponse, name: str) -> HttpResponse:
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
