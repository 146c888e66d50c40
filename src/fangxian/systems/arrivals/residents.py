"""Personal links: an address only its holder knows, opened with the phone's last digits or a code on paper.

The store keeps fingerprints of both, so a copy of it opens nothing. Wrong digits lock the link for a while; it ends by
itself and can be revoked; each opening is in the audit.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction

from fangxian.core import audit, cipher, keys, policy, records
from fangxian.core.clock import now
from fangxian.core.officers import Officer
from fangxian.core.policy import Pack
from fangxian.systems.arrivals.models import PersonalLink
from fangxian.systems.people.models import Person

DIGITS = 4
TOKEN_BYTES = 18
UNKNOWN = "unknown"  # the rules about links are those for any disease


class Shut(Exception):
    """The link does not open: unknown, over, revoked, locked, or the digits are wrong. It never says which is right."""

    def __init__(self, *, locked: bool = False):
        self.locked = locked
        super().__init__("locked" if locked else "shut")


@dataclass(frozen=True)
class Issued:
    """A new link: its token and, where the person has no phone on record, the code that opens it. Shown once."""

    link: PersonalLink
    token: str
    code: str


def issue(*, person: Person, by: Officer | None) -> Issued:
    """Make a link for a person; the ones before are revoked."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    phone = person.phone.reveal() if person.phone else ""
    code = phone[-DIGITS:] if len(phone) >= DIGITS else f"{secrets.randbelow(10**6):06d}"
    with transaction.atomic():
        revoke_all(person=person, by=by)
        link = records.create(
            PersonalLink, by=by, action="arrivals.link.issued", person=person, area=person.area,
            token_hash=_print("token", token), code_hash=_print("code", f"{token} {code}"), asks_phone=bool(phone),
            expires_at=now() + _rules().duration("resident.link_days"),
        )  # fmt: skip
    return Issued(link, token, "" if phone else code)


def find(token: str) -> PersonalLink:
    """The link of a token; raises `Shut` for one that is unknown, over or revoked."""
    link = PersonalLink.objects.filter(token_hash=_print("token", token)).select_related("person__area").first()
    if link is None or link.revoked_at or link.expires_at <= now():
        raise Shut
    return link


def unlock(*, token: str, code: str) -> PersonalLink:
    """Open a link with its digits; raises `Shut`, and after too many wrong ones locks it for a while."""
    link = find(token)
    if link.locked_until and link.locked_until > now():
        raise Shut(locked=True)
    right = secrets.compare_digest(link.code_hash, _print("code", f"{token} {code.strip()}"))
    with transaction.atomic():
        current = PersonalLink.unscoped.select_for_update(of=("self",)).select_related("person__area").get(pk=link.pk)
        changed = {"failures": 0, "opened_at": now()} if right else _failed(current)
        current = records.change(
            current, by=None, action="arrivals.link.opened" if right else "arrivals.link.refused", **changed
        )
    if not right:
        raise Shut(locked=current.locked_until is not None and current.locked_until > now())
    return current


def revoke_all(*, person: Person, by: Officer | None) -> int:
    """End every link of a person; returns how many."""
    open_ = PersonalLink.objects.filter(person=person, revoked_at__isnull=True, expires_at__gt=now())
    return records.change_many(open_, by=by, action="arrivals.links.revoked", revoked_at=now())


def read(link: PersonalLink, what: str) -> None:
    """Keep in the audit that the holder has read something of their own."""
    with audit.act("arrivals.link.read", by=None, area=link.area, target=link, detail={"what": what}):
        pass


def session_length() -> timedelta:
    """How long the own page stays open."""
    return _rules().duration("resident.session_minutes")


def _failed(link: PersonalLink) -> dict:
    rules, failures = _rules(), link.failures + 1
    if failures < rules.number("resident.link_tries"):
        return {"failures": failures}
    return {"failures": 0, "locked_until": now() + rules.duration("resident.lock_minutes")}


def _rules() -> Pack:
    return policy.pack(disease=UNKNOWN)


def _print(what: str, text: str) -> str:
    return cipher.blind_index(f"arrivals.personallink.{what}", text, ring=keys.current())
