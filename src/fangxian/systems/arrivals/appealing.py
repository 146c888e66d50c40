"""An appeal against a plan: asked by the resident, an answer proposed by one officer, decided by another."""

from collections.abc import Iterable
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from fangxian.core import policy, records, second_person
from fangxian.core.clock import now
from fangxian.core.officers import Officer
from fangxian.core.reasons import stated
from fangxian.systems.arrivals.models import Appeal, Loop

DECISIONS = (Appeal.State.UPHELD, Appeal.State.GRANTED)


def ask(*, loop: Loop, text: str, by: Officer | None = None) -> Appeal:
    """The resident says what is wrong; the clock of the answer starts. One open appeal a plan."""
    if Appeal.unscoped.filter(loop=loop, state__in=Appeal.OPEN).exists():
        raise ValidationError(_("Your appeal is being looked at; the answer comes here."))
    pack = policy.pack(disease=loop.disease, area_code=loop.area_id)
    return records.create(
        Appeal, by=by, action="arrivals.appeal.asked", area=loop.area, loop=loop, text=stated(text), asked_at=now(),
        due_at=now() + pack.duration("appeal.answer_hours"),
    )  # fmt: skip


def propose(*, appeal: Appeal, by: Officer, decision: str, answer: str) -> Appeal:
    """One officer looks into it and writes the answer; not whoever made the plan or recorded the arrival."""
    with second_person.deciding(appeal, by=by, action="arrivals.appeal.propose"):
        current = _open(appeal, Appeal.State.ASKED)
        second_person.require_other(by, [current.loop.created_by_id])
        if decision not in DECISIONS:
            raise ValidationError({"decision": _("Say whether the plan stands or the appeal is granted.")})
        return records.change(
            current, by=by, action="arrivals.appeal.proposed", state=Appeal.State.PROPOSED, proposal=decision,
            proposed_by=by, answer=stated(answer),
        )  # fmt: skip


def decide(*, appeal: Appeal, by: Officer) -> Appeal:
    """A second person agrees: the answer is given. What a granted appeal changes, the story does."""
    with second_person.deciding(appeal, by=by, action="arrivals.appeal.decide"):
        current = _open(appeal, Appeal.State.PROPOSED)
        second_person.require_other(by, [current.proposed_by_id, current.loop.created_by_id])
        return records.change(
            current, by=by, action="arrivals.appeal.decided", state=current.proposal, answered_at=now(), answered_by=by
        )


def send_back(*, appeal: Appeal, by: Officer, reason: str) -> Appeal:
    """The second person does not agree: it is to be looked at again, the clock runs on."""
    with second_person.deciding(appeal, by=by, action="arrivals.appeal.send_back"):
        current = _open(appeal, Appeal.State.PROPOSED)
        second_person.require_other(by, [current.proposed_by_id])
        return records.change(
            current, by=by, action="arrivals.appeal.sent_back", state=Appeal.State.ASKED, proposal="",
            answer=stated(reason), proposed_by=None,
        )  # fmt: skip


def of_loops(loop_ids: Iterable[UUID]) -> dict[UUID, list[Appeal]]:
    """Appeals by loop, the latest first; every id has an entry."""
    found: dict[UUID, list[Appeal]] = {loop_id: [] for loop_id in loop_ids}
    for row in Appeal.objects.filter(loop_id__in=found.keys()).order_by("-asked_at", "pk"):
        found[row.loop_id].append(row)
    return found


def _open(appeal: Appeal, state: str) -> Appeal:
    with transaction.atomic():
        current = Appeal.objects.select_for_update(of=("self",)).select_related("loop", "area").get(pk=appeal.pk)
    if current.state != state:
        raise ValidationError(
            _("An appeal that is “%(state)s” does not allow this.") % {"state": current.get_state_display()}
        )
    return current
