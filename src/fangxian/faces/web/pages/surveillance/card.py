"""The card of a signal: what, where, how unusual, the curve, other channels, what was said before, and the verdict."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from fangxian.core.clock import now
from fangxian.core.permissions import Permission, may, require
from fangxian.faces.web.pages import guard
from fangxian.faces.web.pages.surveillance import behind, drawing, lists
from fangxian.faces.web.pages.surveillance.place import place_map
from fangxian.systems.command import selectors as tasks
from fangxian.systems.surveillance import selectors, services
from fangxian.systems.surveillance.words import FeedChannel, SignalKind, SignalMethod, Verdict
from fangxian.workflows import early_warning

TONES = {"CONFIRMED": "danger", "SUSPECTED": "warning", "KNOWN": "info", "CHANCE": "neutral", "ARTEFACT": "neutral"}
DEEDS: dict[str, Callable[..., Any]] = {
    "judge": lambda signal, by, post: services.judge(
        signal=signal, by=by, verdict=post.get("verdict", ""), reason=post.get("reason", "")
    ),
    "take-back": lambda signal, by, post: services.take_back(signal=signal, by=by, reason=post.get("reason", "")),
    "task": lambda signal, by, post: early_warning.hand_over(signal=signal, by=by, note=post.get("note", "")[:200]),
    "event": lambda signal, by, post: early_warning.become_event(signal=signal, by=by, name=post.get("name", "")[:80]),
}
DONE = {
    "judge": gettext_lazy("The verdict is kept; it counts for the method's record."),
    "take-back": gettext_lazy("The verdict is taken back; the signal waits for an answer again."),
    "task": gettext_lazy("Handed over as a task."), "event": gettext_lazy("It is an event now."),
}  # fmt: skip


@guard.needs(Permission.SURVEILLANCE_READ)
@require_GET
def card(request: HttpRequest, pk) -> HttpResponse:
    """One signal."""
    signal = selectors.signal(pk)
    context = {
        "signal": signal, "curve": drawing.curve(signal), "map": place_map(signal), "unusual": unusual(signal),
        "now": now(), "others": _others(signal), "earlier": selectors.earlier(signal), "tasks": _tasks(signal),
        "behind": behind.behind(request.user, signal), "days": lists.days_of(signal),
        "verdicts": [(value, label, TONES[value]) for value, label in Verdict.choices],
        "tone": TONES.get(signal.verdict, "neutral"), "products": selectors.products_of(signal),
        "is_feed": signal.kind == SignalKind.SILENCE and signal.subject_id,
        "may_write": bool(may(request.user, Permission.SURVEILLANCE_WRITE, signal.area_id)),
        "may_event": bool(may(request.user, Permission.CASES_WRITE, signal.area_id)),
    }  # fmt: skip
    return render(request, "surveillance/card.html", context)


@guard.needs(Permission.SURVEILLANCE_WRITE)
@require_POST
def act(request: HttpRequest, pk, signal_deed: str) -> HttpResponse:
    """A verdict, taken back, handed over, or an event; a refusal says why on the card."""
    signal = selectors.signal(pk)
    require(request.user, Permission.SURVEILLANCE_WRITE, signal.area_id)
    guard.attempt(request, lambda: DEEDS[signal_deed](signal, request.user, request.POST), DONE[signal_deed])
    return redirect("signal", pk=pk)


def unusual(signal: Any) -> str:
    """How unusual it is, in a sentence."""
    if signal.kind == SignalKind.SILENCE:
        days = f"{signal.observed:g}"
        return _("Nothing was reported for %(days)s days. Silence is not zero: ask whoever reports.") % {"days": days}
    if signal.kind == SignalKind.RULE:
        words = {"counted": f"{signal.observed:g}", "bound": f"{signal.bound or 0:g}"}
        return _("%(counted)s cases; the rule asks for %(bound)s.") % words
    words = {"counted": f"{signal.observed:g}", "expected": f"{signal.expected or 0:.1f}", "often": _often(signal)}
    return _("%(counted)s counted where %(expected)s were expected; as much comes by chance %(often)s.") % words


def _often(signal: Any) -> str:
    """Once in how long, in words."""
    days = signal.recurrence_days or 0
    if days >= 100_000:
        return _("practically never")
    if days >= 730:
        return _("once in %(number)s years") % {"number": round(days / 365)}
    return _("once in %(number)s days") % {"number": max(1, round(days))}


def _others(signal: Any) -> list[dict[str, Any]]:
    """The other channels with their words; of silent pharmacies their names."""
    channels, methods = dict(FeedChannel.choices), dict(SignalMethod.choices)
    return [
        {**one, "channel": channels.get(one.get("channel", ""), ""), "method": methods.get(one.get("method", ""), "")}
        for one in signal.others
    ]


def _tasks(signal: Any) -> list[Any]:
    return tasks.for_subject(signal._meta.label_lower, signal.pk)
