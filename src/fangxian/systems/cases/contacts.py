"""The contacts of a case: brought in line with what the rules found, followed up, turned into cases.

    stored                           wanted again             not wanted any more
    (none)                           ACTIVE                   -
    ACTIVE, by a rule                ACTIVE, brought up       DROPPED by the rule
    ACTIVE, by a rule, an officer    ACTIVE, brought up;      PROPOSED: the officer's ring waits
      proposes another ring            settled if the same
    ACTIVE, by two officers          ACTIVE, evidence kept    ACTIVE
    PROPOSED by an officer           ACTIVE by the rule;      PROPOSED
                                       settled if the same
    DROPPED by the rule, or refused  ACTIVE again             DROPPED
    DROPPED by two officers          DROPPED                  DROPPED
    CONVERTED                        CONVERTED                CONVERTED
    classification NO_CONTACT        never touched            never touched

What two officers decided a rule does not undo; how they decide stands in proposals.py.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from fangxian.core import records
from fangxian.core.areas import Area
from fangxian.core.clock import day_of, today
from fangxian.core.reasons import stated
from fangxian.core.records import Source
from fangxian.systems.cases.follow_up import Answer, Facts, Visit, follow_up
from fangxian.systems.cases.models import Case, Contact
from fangxian.systems.cases.proposals import SETTLED
from fangxian.systems.people.models import Person

Status = Contact.Status
#: why the rule dropped a contact; shown through gettext
NO_LONGER_FOUND = gettext_noop("The rule no longer finds this contact.")
_COMPARED = ("ring", "via_id", "first_contact_at", "last_contact_at", "follow_up_until", "evidence", "rule", "pack")


@dataclass(frozen=True)
class WantedContact:
    """Someone a rule found near a case. `via` is the person through whom a secondary contact hangs on the case."""

    person: Person
    ring: str
    area: Area | None = None
    via: UUID | None = None
    first_contact_at: datetime | None = None
    last_contact_at: datetime | None = None
    follow_up_until: date | None = None
    follow_up: bool = True
    evidence: list[dict[str, Any]] = field(default_factory=list)
    rule: str = ""
    pack: str = ""


@dataclass
class Difference:
    """What bringing contacts in line changed. `kept` were right already or are kept because a person decided."""

    added: list[Contact] = field(default_factory=list)
    kept: list[Contact] = field(default_factory=list)
    changed: list[Contact] = field(default_factory=list)
    dropped: list[Contact] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """The difference in numbers."""
        return {name: len(getattr(self, name)) for name in ("added", "kept", "changed", "dropped")}


def sync_contacts(
    *, by, case: Case, wanted: Iterable[WantedContact], source: str = Source.WORKFLOW, drop: bool = True
) -> Difference:
    """Make a case's rule-found contacts the wanted ones; set-based, and harmless when run again.

    Somebody wanted twice counts once (the first row). The case's own person is never a contact of the case. Without
    `drop` the wanted ones are only some, and the others are left as they are.
    """
    rows = {row.person.pk: row for row in reversed(list(wanted)) if row.person.pk != case.person_id}
    with transaction.atomic():
        stored = {contact.person_id: contact for contact in _stored(case)}
        fresh = {pk: _new(case, row) for pk, row in rows.items() if pk not in stored}
        ids = {pk: contact.pk for pk, contact in {**stored, **fresh}.items()}
        for pk, contact in fresh.items():
            contact.via_id = ids.get(rows[pk].via)
        difference = _compare(rows, stored, ids, drop=drop)
        difference.added = list(fresh.values())
        records.create_many(Contact, difference.added, by=by, action="cases.contact.found", source=source)
        _update(difference.changed, by=by, action="cases.contact.brought_up")
        _update(difference.dropped, by=by, action="cases.contact.dropped")
    return difference


def convert_contact(*, by, contact: Contact) -> Contact:
    """The contact has become a case: follow-up ends here and goes on there."""
    changes = {**SETTLED, "status": Status.CONVERTED, "follow_up": Contact.FollowUp.CANCELED}
    return records.change(contact, by=by, action="cases.contact.converted", **changes)


def lose_contact(*, by, contact: Contact, reason: str) -> Contact:
    """Nobody can find the contact."""
    return records.change(
        contact, by=by, action="cases.contact.lost", follow_up=Contact.FollowUp.LOST, reason=stated(reason)
    )


def find_contact(*, by, contact: Contact) -> Contact:
    """A lost contact was found: follow-up goes on."""
    if contact.follow_up != Contact.FollowUp.LOST:
        raise ValidationError(_("Only a lost contact can be found again."))
    return records.change(contact, by=by, action="cases.contact.found_again", follow_up=Contact.FollowUp.FOLLOW_UP)


def extend_follow_up(*, by, contact: Contact, until: date, reason: str) -> Contact:
    """Follow a contact longer than the rule says; shorter is refused."""
    if contact.follow_up_until and until < contact.follow_up_until:
        raise ValidationError({"extended_until": _("Follow-up can be lengthened by hand, not shortened.")})
    changes = {"extended_until": until, "follow_up_until": until, "reason": stated(reason)}
    return records.change(contact, by=by, action="cases.contact.extended", **changes)


def refresh_follow_up(
    *, by, contacts: Iterable[Contact], days: Mapping[str, int | None], visits: Mapping[UUID, Mapping[date, Visit]]
) -> dict[UUID, Answer]:
    """Work out follow-up anew from rings' days and persons' visits, and store what changed; set-based.

    `days` maps each ring to its length (None: not followed up), `visits` person ids to what happened on which day.
    Returns every contact's answer with its completeness.
    """
    contacts = list(contacts)
    cases = Case.unscoped.in_bulk({contact.case_id for contact in contacts})
    answers, changed = {}, []
    for contact in contacts:
        facts = _facts(contact, cases[contact.case_id], days.get(contact.ring), visits.get(contact.person_id, {}))
        answer = answers[contact.pk] = follow_up(facts, today())
        stands = (answer.status, answer.until or contact.follow_up_until)
        if (contact.follow_up, contact.follow_up_until) != stands:
            contact.follow_up, contact.follow_up_until = stands
            changed.append(contact)
    with transaction.atomic():
        _update(changed, by=by, action="cases.contact.follow_up")
    return answers


def _stored(case: Case) -> QuerySet[Contact]:
    return Contact.objects.select_for_update(of=("self",)).filter(case=case).select_related("area")


def _new(case: Case, row: WantedContact) -> Contact:
    return Contact(
        case=case,
        case_area_id=case.area_id,
        area=row.area or row.person.area,
        person=row.person,
        ring=row.ring,
        first_contact_at=row.first_contact_at,
        last_contact_at=row.last_contact_at,
        follow_up_until=row.follow_up_until,
        follow_up=_wanted_follow_up(row),
        evidence=_plain(row.evidence),
        rule=row.rule,
        pack=row.pack,
    )


def _compare(rows: dict, stored: dict[Any, Contact], ids: dict, *, drop: bool) -> Difference:
    difference = Difference()
    for person_id, contact in stored.items():
        if _decided(contact):
            difference.kept.append(contact)
        elif person_id in rows:
            changed = _bring_up(contact, rows[person_id], ids)
            (difference.changed if changed else difference.kept).append(contact)
        elif drop and contact.rule and contact.status == Status.ACTIVE:
            _lose_rule(contact)
            difference.dropped.append(contact)
        elif contact.status in (Status.ACTIVE, Status.PROPOSED):
            difference.kept.append(contact)
    return difference


def _lose_rule(contact: Contact) -> None:
    """No rule finds the contact any more: it is dropped, or stands as proposed when an officer proposed a ring."""
    if contact.proposed in Contact.Ring.values:
        contact.status, contact.follow_up = Status.PROPOSED, Contact.FollowUp.NO_FOLLOW_UP
        contact.ring, contact.rule, contact.pack, contact.reason = contact.proposed, "", "", contact.proposed_reason
        return
    _set(contact, {**SETTLED, "status": Status.DROPPED, "follow_up": Contact.FollowUp.CANCELED})
    contact.reason = NO_LONGER_FOUND


def _decided(contact: Contact) -> bool:
    """Whether the word of two officers stands against any rule."""
    if contact.classification == Contact.Classification.NO_CONTACT:
        return True
    return contact.status == Status.DROPPED and contact.decided_by_id is not None


def _bring_up(contact: Contact, row: WantedContact, ids: dict) -> bool:
    """Set what the rule now says; returns whether anything changed. What two officers agreed to keeps its own ring."""
    wanted = _as_wanted(contact, row, ids)
    if contact.in_force and not contact.rule:
        wanted = {"evidence": wanted["evidence"]}
    elif contact.status in (Status.DROPPED, Status.PROPOSED):
        wanted |= {"status": Status.ACTIVE, "reason": "", "follow_up": _wanted_follow_up(row)}
    if contact.proposed == row.ring:
        wanted |= SETTLED
    changed = any(getattr(contact, name) != value for name, value in wanted.items())
    _set(contact, wanted)
    return changed


def _as_wanted(contact: Contact, row: WantedContact, ids: dict) -> dict[str, Any]:
    return {
        "ring": row.ring,
        "via_id": ids.get(row.via),
        "first_contact_at": row.first_contact_at,
        "last_contact_at": row.last_contact_at,
        "follow_up_until": _longer(row.follow_up_until, contact.extended_until),
        "evidence": _plain(row.evidence),
        "rule": row.rule,
        "pack": row.pack,
    }


def _set(contact: Contact, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(contact, name, value)


def _update(contacts: list[Contact], *, by, action: str) -> None:
    """Store rows that changed in different ways, one statement a batch and one audit row naming them."""
    fields = [name.removesuffix("_id") for name in (*_COMPARED, "status", "follow_up", "reason", *SETTLED)]
    records.save_many(contacts, fields, by=by, action=action)


def _facts(contact: Contact, case: Case, days: int | None, visits: Mapping[date, Visit]) -> Facts:
    return Facts(
        days=days,
        last_contact=_day(contact.last_contact_at),
        sampled=_day(case.sampled_at),
        reported=_day(case.reported_at or case.positive_at),
        status=contact.status,
        visits=visits,
        lengthened=contact.extended_until,
        lost=contact.follow_up == Contact.FollowUp.LOST,
    )


def _wanted_follow_up(row: WantedContact) -> str:
    return Contact.FollowUp.FOLLOW_UP if row.follow_up else Contact.FollowUp.NO_FOLLOW_UP


def _longer(until: date | None, lengthened: date | None) -> date | None:
    return max(until, lengthened) if until and lengthened else until


def _day(at: datetime | None) -> date | None:
    return day_of(at) if at else None


def _plain(evidence: list) -> list:
    """Evidence as it reads back from the store, so that the same evidence compares equal."""
    return json.loads(json.dumps(evidence, cls=DjangoJSONEncoder))
