"""The day of a pharmacy: till against register, receipts, buyers to call back; the till's file comes in here."""

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from fangxian.core.clock import now, today
from fangxian.core.permissions import Permission, may, require
from fangxian.faces.web.pages import guard
from fangxian.registers import runs, sheets, site
from fangxian.registers.sheets import Table
from fangxian.systems.pharmacies import rules, selectors, services, tills
from fangxian.systems.pharmacies.words import Called, Drug, Stage

DAYS_SHOWN, SALES_SHOWN = 14, 60
FILES = {"sales": "pharmacies.sale", "totals": "pharmacies.tilltotal"}


@guard.needs(Permission.PHARMACIES_READ)
@require_GET
def day(request: HttpRequest, pk) -> HttpResponse:
    """One day: what agrees, what differs with both figures, what one side has never heard of."""
    pharmacy = selectors.pharmacy(pk)
    shown = _day(request)
    compared = selectors.reconcile(pharmacy, shown)
    sales = list(selectors.sales_of(pharmacy, shown)[: SALES_SHOWN + 1])
    steps = rules.ladder(rules.pack_of(pharmacy.area_id, now()))
    told = selectors.reported(pharmacy.area_id, shown - timedelta(days=DAYS_SHOWN - 1), shown)
    context = {
        "pharmacy": pharmacy, "day": shown, "is_today": shown == today(), "before": shown - timedelta(days=1),
        "after": shown + timedelta(days=1) if shown < today() else None, "compared": compared,
        "wrong": [row for row in compared if row.verdict in (selectors.DIFFERS, selectors.NO_REGISTER)],
        "waiting": any(row.verdict == selectors.NO_TILL for row in compared),
        "totals": _totals(pharmacy, compared), "sales": sales[:SALES_SHOWN], "more": len(sales) > SALES_SHOWN,
        "calls": list(selectors.open_calls(pharmacy)[:SALES_SHOWN]), "outcomes": Called.choices, "now": now(),
        "steps": [(Drug(drug).label, Stage(step).label, step) for drug, step in steps.items()],
        "reported": told.get(pharmacy.pk, selectors.Reported()).on(shown) is not None,
        "may_write": bool(may(request.user, Permission.PHARMACIES_WRITE, pharmacy.area_id)),
    }  # fmt: skip
    return render(request, "pharmacies/day.html", context)


@guard.needs(Permission.PHARMACIES_WRITE)
@require_POST
def totals(request: HttpRequest, pk) -> HttpResponse:
    """The till's own totals of a day, or that nothing was sold."""
    pharmacy = _writable(request, pk)
    shown = _day(request)
    if request.POST.get("nothing"):
        guard.attempt(
            request, lambda: services.nothing_sold(by=request.user, pharmacy=pharmacy, day=shown),
            _("Zero is reported."),
        )  # fmt: skip
    else:
        told = {product: int(typed) for product in tills.watched_products(pharmacy)
                if (typed := request.POST.get(f"t-{product.pk}", "").strip()).isdecimal()}  # fmt: skip
        guard.attempt(
            request, lambda: services.report_totals(by=request.user, pharmacy=pharmacy, day=shown, totals=told),
            _("The till's totals are kept."),
        )  # fmt: skip
    return redirect(_address(pharmacy, shown))


@guard.needs(Permission.PHARMACIES_IMPORT)
@require_POST
def file(request: HttpRequest, pk) -> HttpResponse:
    """A file of this till: its pharmacy and area are put in front, then it is tried like any sheet."""
    pharmacy = selectors.pharmacy(pk)
    require(request.user, Permission.PHARMACIES_IMPORT, pharmacy.area_id)
    register = site.get(FILES.get(request.POST.get("what", ""), FILES["sales"]))
    upload = request.FILES.get("file")
    if upload is None:
        guard.attempt(request, lambda: _refuse(_("Choose the file of the till.")))
        return redirect("pharmacy", pk=pharmacy.pk)
    content = upload.read()
    done: dict[str, Any] = {}
    if not guard.attempt(request, lambda: done.update(content=_of_pharmacy(pharmacy, sheets.read(content)))):
        return redirect("pharmacy", pk=pharmacy.pk)
    run = runs.begin(register, done["content"], upload.name, by=request.user)
    return redirect("register_import_run", register.slug, run.pk)


@guard.needs(Permission.PHARMACIES_WRITE)
@require_POST
def take_back(request: HttpRequest, pk) -> HttpResponse:
    """A receipt rung up by mistake no longer counts."""
    sale = selectors.sale(pk)
    require(request.user, Permission.PHARMACIES_WRITE, sale.area_id)
    reason = request.POST.get("reason", "")
    guard.attempt(request, lambda: services.take_back(sale=sale, by=request.user, reason=reason), _("Taken back."))
    return redirect("pharmacy", pk=sale.pharmacy_id)


@guard.needs(Permission.PHARMACIES_WRITE)
@require_POST
def call(request: HttpRequest, pk) -> HttpResponse:
    """What a call-back found."""
    found = selectors.call_back(pk)
    require(request.user, Permission.PHARMACIES_WRITE, found.area_id)
    outcome, note = request.POST.get("outcome", ""), request.POST.get("note", "")
    guard.attempt(
        request, lambda: services.record_call(call_back=found, by=request.user, outcome=outcome, note=note), _("Kept.")
    )
    return redirect(reverse("pharmacy", args=[found.pharmacy_id]) + "#calls")


def _of_pharmacy(pharmacy: Any, table: Table) -> bytes:
    """The table with the columns every row of this till would repeat."""
    own = [heading.casefold() for heading in table.headings]
    front = {"area": pharmacy.area_id, "pharmacy": str(pharmacy.pk)}
    added = {name: value for name, value in front.items() if name not in own}
    rows = [[*added.values(), *row] for row in table.rows if any(str(cell or "").strip() for cell in row)]
    return sheets.write_xlsx([*added, *table.headings], rows)


def _totals(pharmacy: Any, compared: list[selectors.Compared]) -> list[tuple[Any, int | None]]:
    """Every product under watch with what the till has told, for the form."""
    told = {row.product.pk: row.till for row in compared}
    return [(product, told.get(product.pk)) for product in tills.watched_products(pharmacy)]


def _writable(request: HttpRequest, pk) -> Any:
    pharmacy = selectors.pharmacy(pk)
    require(request.user, Permission.PHARMACIES_WRITE, pharmacy.area_id)
    return pharmacy


def _day(request: HttpRequest) -> date:
    given = request.POST.get("day") or request.GET.get("day") or ""
    try:
        return min(date.fromisoformat(given), today())
    except ValueError:
        return today()


def _address(pharmacy: Any, shown: date) -> str:
    return f"{reverse('pharmacy', args=[pharmacy.pk])}?day={shown.isoformat()}"


def _refuse(words: Any) -> None:
    raise ValidationError(words)
