"""A warning product as a paper: Word and PDF, in the reader's language, by the machinery of the reports.

Heading, number, to whom, its words, what was seen as a table with its curve, and the four steps with their dates. A
product that was delivered says what was seen then, however far its card has grown since: the same file every time.
"""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from fangxian.core import audit, scope
from fangxian.core.clock import day_of, shown
from fangxian.core.officers import Officer
from fangxian.systems.surveillance import selectors
from fangxian.systems.surveillance.models import Signal, WarningProduct
from fangxian.systems.surveillance.words import SignalKind, WarningState
from fangxian.workflows.reporting import blocks, drawing, gathering
from fangxian.workflows.reporting.blocks import Block
from fangxian.workflows.reporting.drawing import LANGUAGES, Paper
from fangxian.workflows.warning import telling

FORMS = ("docx", "pdf")
SHOWN = 14
"""Periods of the curve on paper."""
BAR, BARS = "▇", 24
"""The curve beside the figures: the highest count has so many."""
WHY = "a number counts the products of an area, whichever of them its reader may open"


def paper(*, product: WarningProduct, form: str, by: Officer | None, language: str = "") -> Paper:
    """One paper of a product, `docx` or `pdf`; that it was taken is on record.

    Raises ValidationError where this server has no font for the PDF.
    """
    tongue = drawing.tongue_of(language)
    with override(LANGUAGES[tongue]):
        name = f"{product.area_id}-{product.kind.lower()}-{_year(product)}-{number_of(product)}-{tongue}"
        made = drawing.draw(_said(product, tongue), form, name)
    with audit.act("surveillance.warning.paper", by=by, area=product.area, target=product,
                   detail={"form": form, "name": made.name}):  # fmt: skip
        return made


def number_of(product: WarningProduct) -> int:
    """The how manieth of its kind it is in its area and year."""
    with scope.everywhere(WHY):
        return selectors.formed_before(product) + 1


def numbered(product: WarningProduct) -> str:
    """No. 12 of 2022."""
    return _("No. %(number)s of %(year)s") % {"number": number_of(product), "year": _year(product)}


def _said(product: WarningProduct, tongue: str) -> dict[str, Any]:
    """Everything the paper says, as the reports' drawing takes it."""
    issuer = gathering.named(product.area)[tongue]
    sections = [
        (_("What the counts show"), _seen(selectors.seen(product), tongue)),
        (_("The four steps"), [_steps(product)]),
    ]
    told = [blocks.text(_("To: %(who)s (%(area)s)") % {
        "who": product.addressee, "area": gathering.named(product.to_area)[tongue]})]  # fmt: skip
    told += [blocks.text(line) for line in product.text.splitlines() if line.strip()]
    for number, (title, found) in enumerate([one for one in sections if one[1]], start=1):
        told += [blocks.heading(number, title, tongue), *found]
    kind, at = str(product.get_kind_display()), _day(product.delivered_at or product.created_at)
    return {
        "title": product.title, "issuer": issuer, "number": f"{kind} · {numbered(product)}", "date": at,
        "mark": _mark(product), "blocks": told, "foot": [issuer, at], "tongue": tongue,
        "footer": _("%(number)s · %(state)s") % {"number": numbered(product), "state": product.get_state_display()},
    }  # fmt: skip


def _mark(product: WarningProduct) -> str:
    if product.state == WarningState.FORMED:
        return _("Draft: not delivered")
    return _("Withdrawn: %(why)s") % {"why": product.feedback} if product.state == WarningState.WITHDRAWN else ""


def _seen(signal: Signal | None, tongue: str) -> list[Block]:
    """What, where, since when, how unusual; the curve as a table; the other channels."""
    if signal is None:
        return []
    where = {"what": signal.title, "where": signal.where or gathering.named(signal.area)[tongue],
             "first": telling.since(signal), "last": signal.last_on, "channel": signal.get_channel_display(),
             "method": signal.get_method_display()}  # fmt: skip
    told = _("%(what)s, %(where)s, %(first)s to %(last)s. Counted: %(channel)s; method: %(method)s.") % where
    return [blocks.text(told), blocks.text(telling.unusual(signal)), *_curve(signal), *_others(signal)]


def _curve(signal: Signal) -> list[Block]:
    """The newest periods with what was counted, expected and the bound, and a bar for each."""
    drawn = signal.series
    days, counts = drawn.get("days", [])[-SHOWN:], drawn.get("counts", [])[-SHOWN:]
    if not days:
        return []
    lines = [_last(drawn.get(name), len(days)) for name in ("expected", "bound")]
    highest = max((count or 0 for count in counts), default=0) or 1
    rows = [
        (telling.period(day, drawn.get("step", "")), _figure(count), _figure(expected), _figure(bound),
         BAR * round(BARS * (count or 0) / highest))
        for day, count, expected, bound in zip(days, counts, *lines, strict=True)
    ]  # fmt: skip
    headings = [_("Period"), _("Counted"), _("Expected count"), _("Bound"), _("Curve")]
    return [blocks.table(headings, rows, right=(1, 2, 3), wide=(4,))]


def _others(signal: Signal) -> list[Block]:
    if not signal.others or signal.kind == SignalKind.SILENCE:
        return []
    headings = [_("Other channels"), _("Area"), _("Counted"), _("Expected count")]
    rows = [
        (one["channel"], one.get("name") or one.get("area") or "–", _figure(one.get("observed")),
         _figure(one.get("expected")))
        for one in telling.other_channels(signal)
    ]  # fmt: skip
    return [blocks.table(headings, rows, right=(2, 3), wide=(0,))]


def _steps(product: WarningProduct) -> Block:
    """The four steps, with the way out where it was taken."""
    rows = [(_("Formed"), _moment(product.created_at), str(product.created_by or "–"))]
    if product.state == WarningState.WITHDRAWN:
        rows += [(_("Delivered"), _moment(product.delivered_at), product.addressee)] if product.delivered_at else []
        return _table([*rows, (_("Withdrawn"), _moment(product.changed_at), product.feedback)])
    due = _("response due %(at)s") % {"at": _moment(product.due_at)} if product.due_at else "–"
    return _table([
        *rows, (_("Delivered"), _moment(product.delivered_at), due),
        (_("Responded to"), _moment(product.responded_at), product.response or "–"),
        (_("Fed back"), _moment(product.fed_back_at), product.feedback or "–"),
    ])  # fmt: skip


def _table(rows: list[tuple[str, str, str]]) -> Block:
    return blocks.table([_("Step"), _("At"), _("Who, or what was said")], rows, wide=(2,))


def _last(values: list[float | None] | None, number: int) -> list[float | None]:
    """The newest of a line; nothing for each period where the method draws none."""
    return list(values[-number:]) if values else [None] * number


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}".removesuffix(".0")


def _moment(at: datetime | None) -> str:
    return shown(at) if at else "–"


def _day(at: datetime) -> str:
    return day_of(at).isoformat()


def _year(product: WarningProduct) -> int:
    return day_of(product.created_at).year
