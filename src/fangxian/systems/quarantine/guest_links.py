"""The link in the room: signed, for one stay, of no use once the guest has left. It names nobody."""

from uuid import UUID

from django.core import signing

from fangxian.systems.quarantine.models import Stay

_SALT = "fangxian.quarantine.guest"


class NoGuest(Exception):
    """The link is not ours, or the stay behind it is over."""


def token(stay: Stay) -> str:
    """What stands in the address of the guest's page."""
    return signing.Signer(salt=_SALT, sep=".").sign(stay.pk.hex)


def stay_of(text: str) -> Stay:
    """The stay of a link, while the guest is in a room; raises NoGuest otherwise. Unscoped: the link is the right."""
    try:
        pk = UUID(hex=signing.Signer(salt=_SALT, sep=".").unsign(text))
    except (signing.BadSignature, ValueError) as error:
        raise NoGuest from error
    found = Stay.unscoped.select_related("person", "area", "room__site__area", "room__area").filter(pk=pk).first()
    if found is None or found.state != Stay.State.IN or found.room_id is None:
        raise NoGuest
    return found
