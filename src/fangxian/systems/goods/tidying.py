"""One spelling of the numbers on goods papers: containers, plates, phones; a wrong one is refused with its reason."""

from typing import Any

from django.core.exceptions import ValidationError

from fangxian.core import identity
from fangxian.core.fields import Secret
from fangxian.core.identity import InvalidIdentifier

PARSERS = {
    "container": identity.container, "container_seen": identity.container, "plate": identity.plate,
    "credit_code": identity.organisation_code, "phone": identity.phone, "driver_phone": identity.phone,
    "buyer_phone": identity.phone,
}  # fmt: skip


def tidy(values: dict[str, Any]) -> dict[str, Any]:
    """The values with every number in its one spelling; seals in capitals."""
    done = dict(values)
    for name in PARSERS.keys() & done.keys():
        if done[name]:
            done[name] = _parsed(name, done[name])
    for name in ("seal", "seal_seen"):
        if done.get(name):
            done[name] = identity.normalise(done[name]).upper().replace(" ", "")
    return done


def _parsed(name: str, value: Any) -> str:
    try:
        return PARSERS[name](value.reveal() if isinstance(value, Secret) else value).number
    except InvalidIdentifier as error:
        raise ValidationError({name: error.reason}) from error
