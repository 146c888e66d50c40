"""What officers want of a contact without a rule, or against it: proposed by one, in force by a second.

    verb                  contact in force                 contact entered by hand, waiting
    propose_contact       -                                (none): waits with its ring
    change_contact        another ring: proposed, the      another ring waits instead
                          ring in force stays
    not_a_contact, drop   proposed, the ring stays         taken back: nothing was in force
    confirm_contact       what was proposed is in force    its ring is in force
    refuse_proposal       the proposal is gone             DROPPED; a rule may bring the contact back
    restore_contact       - (of one who was dropped:       -
                          the ring is proposed again)

Whoever entered the contact or made the proposal cannot agree to it; the attempt is refused and audited.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from fangxian.core import records, second_person
from fangxian.core.clock import now
from fangxian.core.permissions import Permission, Refused, may
from fangxian.core.reasons import stated
from fangxian.core.records import Source
from fangxian.systems.cases import waiting
from fangxian.systems.cases.announcements import announce
from fangxian.systems.cases.models import Contact

Status, Proposal, Classification = Contact.Status, Contact.Proposal, Contact.Classification
FollowUp = Contact.FollowUp
#: what a contact looks like when nothing is proposed any more
SETTLED: dict[str, Any] = {"proposed": "", "proposed_by": None, "proposed_at": None, "proposed_reason": ""}
ENDINGS = (Proposal.NO_CONTACT, Proposal.DROPPED)
FIXED = ("case", "person")
DAYS = ("first_contact_at", "last_contact_at")


def propose_contact(*, by, source: str = Source.WEB, **values: Any) -> Contact:
    """Enter a contact by hand. Nothing follows from it until a second officer has agreed, or a rule finds the same."""
    reason = stated(values.get("reason", ""))
    values |= {"status": Status.PROPOSED, "follow_up": FollowUp.NO_FOLLOW_UP, "reason": reason}
    values |= proposal(values["ring"], by=by, reason=reason)
    with transaction.atomic():
        made: Contact = records.create(Contact, by=by, action="cases.contact.proposed", source=source, **values)
        waiting.hand_down([made.case], by=by)
    return made


def change_contact(*, by, contact: Contact, base_version: int | None = None, **changes: Any) -> Contact:
    """Change what was entered of a contact; another ring is a proposal.

    Case and person are what the contact is; the days of a contact in force are what its follow-up rests on. Neither
    is changed by hand.
    """
    with transaction.atomic():
        current = _locked(contact)
        _refuse_fixed(current, changes)
        if current.status == Status.PROPOSED and "reason" in changes:
            changes["proposed_reason"] = changes["reason"] = stated(changes["reason"])
        ring = changes.pop("ring", current.ring)
        action = "cases.contact.changed"
        if ring not in (current.ring, current.proposed):
            changes = _other_ring(current, ring, changes, by=by)
            action = "cases.contact.proposed"
        changed: Contact = records.change(current, by=by, action=action, base_version=base_version, **changes)
        if changed.proposed:
            waiting.hand_down([changed.case], by=by)
    return changed


def not_a_contact(*, by, contact: Contact, reason: str) -> Contact:
    """Propose that there was no contact; when agreed, no rule brings it back."""
    return _propose_end(contact, Proposal.NO_CONTACT, by=by, reason=reason)


def drop_contact(*, by, contact: Contact, reason: str) -> Contact:
    """Propose to follow a contact no longer; when agreed, no rule brings it back."""
    return _propose_end(contact, Proposal.DROPPED, by=by, reason=reason)


def restore_contact(*, by, contact: Contact, reason: str) -> Contact:
    """Propose to follow somebody again who was dropped."""
    with transaction.atomic():
        current = _locked(contact)
        if current.status != Status.DROPPED:
            raise ValidationError(_("Only a contact who was dropped can be followed again."))
        return _propose(current, current.ring, by=by, reason=stated(reason))


def confirm_contact(*, by, contact: Contact) -> Contact:
    """A second officer agrees to what is proposed; without a proposal: the investigation confirms what a rule found.

    Raises `SamePerson` for whoever entered the contact or proposed it, `Refused` without the right.
    """
    require_right(by, contact)
    with second_person.deciding(contact, by=by, action="cases.contact.confirmed"):
        current = _locked(contact)
        if not current.proposed:
            return _confirm_found(current, by=by)
        second_person.require_other(by, had_a_hand(current))
        settled = {**_agreed(current), **SETTLED, "decided_by": by}
        return _settle(current, by=by, action="cases.contact.confirmed", **settled)


def refuse_proposal(*, by, contact: Contact, reason: str) -> Contact:
    """Say no to a proposal, or take one's own back: what was in force stays, and what was not does not come."""
    require_right(by, contact)
    with transaction.atomic():
        current = _locked(contact)
        if not current.proposed:
            raise ValidationError(_("Nothing is proposed for this contact."))
        changes: dict[str, Any] = {**SETTLED, "reason": stated(reason)}
        if current.status == Status.PROPOSED:
            changes |= {"status": Status.DROPPED, "follow_up": FollowUp.CANCELED}
        return _settle(current, by=by, action="cases.contact.proposal_refused", **changes)


def proposal(wanted: str, *, by, reason: str) -> dict[str, Any]:
    """The fields of a proposal."""
    return {"proposed": wanted, "proposed_by": by, "proposed_at": now(), "proposed_reason": reason}


def require_right(by, contact: Contact) -> None:
    """Raise `Refused` unless the officer may write contacts of the case's area or of the contact's own."""
    answers = [may(by, Permission.CASES_WRITE, code) for code in (contact.case_area_id, contact.area_id)]
    if not any(answers):
        raise Refused(str(answers[0].reason))


def had_a_hand(contact: Contact) -> set[int | None]:
    """Who had a hand in it: whoever proposed it, and for a ring whoever entered the contact by hand."""
    entered = contact.proposed not in ENDINGS and contact.source != Source.WORKFLOW
    return {contact.proposed_by_id, *([contact.created_by_id] if entered else [])}


def _locked(contact: Contact) -> Contact:
    found = Contact.objects.select_for_update(of=("self",)).select_related("area", "case", "case__area")
    return found.get(pk=contact.pk)


def _refuse_fixed(current: Contact, changes: dict[str, Any]) -> None:
    for name in FIXED:
        if name in changes and changes[name] != getattr(current, name):
            raise ValidationError({name: _("A contact stays that of its person and case: enter another one.")})
    moved = [name for name in DAYS if name in changes and changes[name] != getattr(current, name)]
    if moved and current.in_force:
        raise ValidationError({moved[0]: _("The days of a contact in force rest on evidence: enter an exposure.")})


def _other_ring(current: Contact, ring: str, changes: dict[str, Any], *, by) -> dict[str, Any]:
    """The changes with another ring proposed. The reason of a ring in force stays that of this ring."""
    wanted = proposal(ring, by=by, reason=stated(changes.get("reason", current.reason)))
    if current.status == Status.PROPOSED:
        return {**changes, **wanted, "ring": ring}
    return {name: value for name, value in changes.items() if name != "reason"} | wanted


def _propose_end(contact: Contact, wanted: str, *, by, reason: str) -> Contact:
    with transaction.atomic():
        current = _locked(contact)
        if current.status == Status.PROPOSED:
            return refuse_proposal(by=by, contact=current, reason=reason)
        if current.status != Status.ACTIVE:
            raise ValidationError(_("Only a contact who is being followed can be ended."))
        return _propose(current, wanted, by=by, reason=stated(reason))


def _propose(current: Contact, wanted: str, *, by, reason: str) -> Contact:
    changes = proposal(wanted, by=by, reason=reason)
    changed: Contact = records.change(current, by=by, action="cases.contact.proposed", **changes)
    waiting.hand_down([changed.case], by=by)
    return changed


def _confirm_found(current: Contact, *, by) -> Contact:
    if not current.in_force:
        raise ValidationError(_("Nothing is proposed for this contact."))
    changed: Contact = records.change(
        current, by=by, action="cases.contact.confirmed", classification=Classification.CONFIRMED
    )
    return changed


def _agreed(current: Contact) -> dict[str, Any]:
    """What a contact becomes when its proposal is agreed to. Two persons' ring hangs on no rule any more."""
    changes: dict[str, Any] = {"reason": current.proposed_reason}
    if current.proposed in ENDINGS:
        refuted = current.proposed == Proposal.NO_CONTACT
        changes |= {"status": Status.DROPPED, "follow_up": FollowUp.CANCELED}
        return changes | ({"classification": Classification.NO_CONTACT} if refuted else {})
    changes |= {"ring": current.proposed, "rule": "", "pack": "", "classification": Classification.CONFIRMED}
    resumed = {"status": Status.ACTIVE, "follow_up": FollowUp.FOLLOW_UP}
    return changes | ({} if current.status == Status.ACTIVE else resumed)


def _settle(current: Contact, *, by, action: str, **changes: Any) -> Contact:
    settled: Contact = records.change(current, by=by, action=action, **changes)
    waiting.close_when_settled(current.case, by=by)
    announce([current.case_id], by=by)
    return settled
