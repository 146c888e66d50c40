"""The numbers of envelopes partners have sent us: none is opened twice."""

from datetime import datetime
from uuid import UUID

from fangxian.core.clock import now
from fangxian.systems.letters.models import Peer, SeenEnvelope


def first_time(number: UUID, sender: Peer) -> bool:
    """Whether an envelope was never seen before; from now on it was. Kept or lost with what is taken from it."""
    _seen, fresh = SeenEnvelope.objects.get_or_create(pk=number, defaults={"fingerprint": sender.fingerprint})
    if fresh:
        Peer.unscoped.filter(pk=sender.pk).update(heard_at=now())
    return fresh


def forget(before: datetime) -> int:
    """Forget numbers of envelopes older than that; returns how many."""
    return SeenEnvelope.objects.filter(at__lt=before).delete()[0]
