"""The outbox to partners: what waits, and what came of each attempt. What is said stands nowhere but in the letter."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from fangxian.core import jobs
from fangxian.core.clock import now
from fangxian.core.officers import Officer
from fangxian.systems.letters import rules
from fangxian.systems.letters.models import Delivery, Letter

JOB = "letters.deliver"


def queue(letter: Letter, kind: str, *, by: Officer | None) -> Delivery:
    """Let a partner know; one message of a kind waits for each letter, since it always says how things stand."""
    with transaction.atomic():
        waiting, fresh = Delivery.objects.get_or_create(letter=letter, kind=kind, state=Delivery.Outcome.WAITING)
        if not fresh:
            waiting.next_at = now()
            waiting.save(update_fields=["next_at"])
        jobs.enqueue(JOB, by=by, key=str(waiting.pk), delivery=str(waiting.pk))
    return waiting


def due(at: datetime | None = None) -> QuerySet[Delivery]:
    """Messages whose time has come, the longest waiting first."""
    return Delivery.objects.filter(state=Delivery.Outcome.WAITING, next_at__lte=at or now()).order_by("next_at", "pk")


def delivered(delivery: Delivery) -> None:
    """The partner has taken it."""
    Delivery.objects.filter(pk=delivery.pk).update(
        state=Delivery.Outcome.DELIVERED, delivered_at=now(), attempts=delivery.attempts + 1, error=""
    )


def failed(delivery: Delivery, error: str) -> None:
    """Nobody answered: later again, after twice the pause."""
    attempts = delivery.attempts + 1
    Delivery.objects.filter(pk=delivery.pk).update(
        attempts=attempts, next_at=now() + rules.pause(attempts), error=error[:200]
    )


def refused(delivery: Delivery, reason: str) -> None:
    """The partner does not take it; sending it again would change nothing."""
    Delivery.objects.filter(pk=delivery.pk).update(
        state=Delivery.Outcome.REFUSED, attempts=delivery.attempts + 1, error=reason[:200]
    )


def hurry(to_moment: datetime) -> int:
    """Let everything that waits be tried from a moment on: a partner is known to be back. Returns how many."""
    return Delivery.objects.filter(state=Delivery.Outcome.WAITING).update(next_at=to_moment)


def stand() -> dict[str, Any]:
    """How the outbox stands: how many wait and were refused, and the last errors of those that wait."""
    waiting = Delivery.objects.filter(state=Delivery.Outcome.WAITING)
    return {
        "waiting": waiting.count(), "refusals": Delivery.objects.filter(state=Delivery.Outcome.REFUSED).count(),
        "errors": sorted(set(waiting.values_list("error", flat=True)) - {""}),
    }  # fmt: skip
