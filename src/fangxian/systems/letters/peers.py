"""Partner installations: one officer enters address and key, another compares the fingerprint with the partner."""

from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from fangxian.core import records, second_person
from fangxian.core.areas import Area
from fangxian.core.clock import now
from fangxian.core.officers import Officer
from fangxian.core.reasons import stated
from fangxian.systems.letters import signing
from fangxian.systems.letters.models import Peer

HERE = ("127.0.0.1", "::1", "localhost")


def propose(*, by: Officer | None, area: Area, name: str, code: str, url: str, public_key: str) -> Peer:
    """Enter a partner; nothing goes there and nothing is taken from there before a second officer has agreed."""
    try:
        fingerprint = signing.fingerprint(public_key.strip())
    except signing.BadKey as error:
        raise ValidationError({"public_key": _("This is not the public key of an installation.")}) from error
    if fingerprint == signing.own_fingerprint():
        raise ValidationError({"public_key": _("This is the key of this installation. Ask the partner for theirs.")})
    return records.create(
        Peer, by=by, action="letters.peer.proposed", area=area, name=name, code=code, url=_address(url),
        public_key=public_key.strip(), fingerprint=fingerprint,
    )  # fmt: skip


def confirm(*, by: Officer | None, peer: Peer, fingerprint: str) -> Peer:
    """The second officer types the fingerprint as the partner has read it out, not as the page shows it."""
    with second_person.deciding(peer, by=by, action="letters.peer.confirmed"):
        second_person.require_other(by, [peer.created_by_id])
        if _digits(fingerprint) != _digits(peer.fingerprint):
            raise ValidationError({"fingerprint": _("This is not the fingerprint of the key that was entered.")})
        if peer.state != Peer.State.PROPOSED:
            raise ValidationError({"state": _("This partner is not waiting to be confirmed.")})
        return records.change(
            peer, by=by, action="letters.peer.confirmed", state=Peer.State.TRUSTED, confirmed_at=now(), confirmed_by=by
        )


def revoke(*, by: Officer | None, peer: Peer, reason: str) -> Peer:
    """Trust a partner no longer, from now on; one officer is enough to shut a door."""
    return records.change(
        peer, by=by, action="letters.peer.revoked", state=Peer.State.REVOKED, reason=stated(reason)[:200]
    )


def _address(url: str) -> str:
    """`https://host[:port]`, without a path; plain http only on this machine."""
    parts = urlsplit(url.strip().rstrip("/"))
    plain = parts.scheme == "http" and parts.hostname in HERE
    if not parts.hostname or parts.path or parts.query or parts.username or not (parts.scheme == "https" or plain):
        raise ValidationError({"url": _("Enter the address as https://host, without a path.")})
    return f"{parts.scheme}://{parts.netloc}"


def _digits(text: str) -> str:
    return "".join(text.split()).lower()
