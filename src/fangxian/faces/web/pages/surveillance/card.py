"""The card of a signal: what, where, how unusual, the curve, other channels, what was said before, and the verdict."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from fangxian.core import diseases
from fangxian.core.clock import now
from fangxian.core.permissions import Permission, may, require
from fangxian.faces.web.pages import guard
from fangxian.faces.web.pages.surveillance import behind, drawing
from fangxian.faces.web.pages.surveillance.place import place_map
from fangxian.systems.command import selectors as tasks
from fangxian.systems.surveillance import selectors, services
from fangxian.systems.surveillance.words import FeedChannel, SignalKind, Verdict
from fangxian.workflows import early_warning
from fangxian.workflows.warning import ruling
from fangxian.workflows.warning.telling import other_channels, unusual

TONES = {"CONFIRMED": "danger", "SUSPECTED": "warning", "KNOWN": "info", "CHANCE": "neutral", "ARTEFACT": "neutral"}
REASONS: dict[str, tuple[Any, ...]] = {
    Verdict.CONFIRMED: (gettext_lazy("Verified on the spot or by the laboratory"),),
    Verdict.SUSPECTED: (gettext_lazy("Called: they belong together, to be investigated"),),
    Verdict.KNOWN: (gettext_lazy("Already being handled"),),
    Verdict.CHANCE: (
        gettext_lazy("Called: nothing out of the ordinary"), gettext_lazy("As in the season of other years"),
    ),
    Verdict.ARTEFACT: (
        gettext_lazy("Entered twice, or late and all at once"), gettext_lazy("The way of reporting changed"),
    ),
}  # fmt: skip
"""What a verdict mostly rests on: one click gives both. Words of one's own stand instead."""
OF_SILENCE: dict[str, tuple[Any, ...]] = {
    Verdict.KNOWN: (gettext_lazy("Closed, or on holiday"),),
    Verdict.ARTEFACT: (gettext_lazy("Called: it will be reported now"), gettext_lazy("Nobody was there to report it")),
    Verdict.SUSPECTED: (gettext_lazy("Called: something keeps them from reporting"),),
}  # fmt: skip
"""The same of a feed that fell silent, which is no outbreak by itself."""
DEEDS: dict[str, Callable[..., Any]] = {
    "judge": lambda signal, by, post: services.judge(signal=signal, by=by, **said(signal, post)),
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
        "rule": ruling.words(signal.series.get("rule")),
        "now": now(), "others": other_channels(signal), "earlier": selectors.earlier(signal), "tasks": _tasks(signal),
        "behind": behind.behind(request.user, signal), "others_url": _others_url(signal),
        "verdicts": _offered(signal),
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


def said(signal: Any, post: Any) -> dict[str, str]:
    """The verdict a button stands for, with the words typed or, where there are none, those on the button."""
    verdict, _colon, number = post.get("verdict", "").partition(":")
    offered = dict(enumerate(_reasons(signal).get(verdict, ())))
    typed = post.get("reason", "").strip()
    return {"verdict": verdict, "reason": typed or str(offered.get(int(number) if number.isdecimal() else -1, ""))}


def _reasons(signal: Any) -> dict[str, tuple[Any, ...]]:
    return OF_SILENCE if signal.kind == SignalKind.SILENCE else REASONS


def _offered(signal: Any) -> list[tuple[str, Any, Any, str]]:
    """A button each verdict and reason: value, verdict, reason, tone."""
    return [
        (f"{value}:{number}", Verdict(value).label, reason, TONES[value])
        for value, reasons in _reasons(signal).items() for number, reason in enumerate(reasons)
    ]  # fmt: skip


def _tasks(signal: Any) -> list[Any]:
    return tasks.for_subject(signal._meta.label_lower, signal.pk)


def _others_url(signal: Any) -> str:
    """What other methods say of the signal's days; "" where it does not count the cases of one disease."""
    if signal.channel != FeedChannel.CASES or signal.disease not in diseases.KEYS:
        return ""
    asked = {"disease": signal.disease, "area": signal.area_id, "on": signal.last_on.isoformat()}
    return reverse("surveillance_curve") + "?" + urlencode(asked) + "#opinions"
