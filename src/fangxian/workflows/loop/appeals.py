"""An appeal is decided; a granted one ends the plan it was about, in the same act."""

from typing import Any

from django.db import transaction

from fangxian.systems.arrivals import appealing
from fangxian.systems.arrivals.models import Appeal
from fangxian.workflows import closed_loop


def decide(*, appeal: Appeal, by: Any) -> Appeal:
    """The second person agrees with the proposed answer."""
    with transaction.atomic():
        decided = appealing.decide(appeal=appeal, by=by)
        if decided.state == Appeal.State.GRANTED:
            closed_loop.close_loop(by=by, subject_id=appeal.loop.subject_id, reason=decided.answer)
    return decided
