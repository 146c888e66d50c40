"""What was rung up, as text: `B12*2; K07*1`. One spelling, so that the same receipt is known again."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from fangxian.core.identity import normalise
from fangxian.systems.pharmacies.models import Pharmacy, Product

_APART = re.compile(r"[;；,，、\n]+")
_TIMES = re.compile(r"^(?P<code>[^*×]+?)(?:(?:\s*[*×]\s*|\s+[xX]\s+)(?P<count>\d{1,4}))?$")
MOST = 9999


def parse(text: str) -> dict[str, int]:
    """Quantities by code, in the order of the codes; the same code twice adds up. Raises ValidationError by field."""
    counts: dict[str, int] = {}
    for part in filter(None, (normalise(piece).strip() for piece in _APART.split(text or ""))):
        found = _TIMES.match(part)
        count = int(found["count"] or 1) if found else 0
        if not found or count < 1:
            raise ValidationError({"items": _("“%(part)s” is no code with a quantity.") % {"part": part[:40]}})
        code = found["code"].strip()
        counts[code] = counts.get(code, 0) + count
    if not counts:
        raise ValidationError({"items": _("Nothing was rung up.")})
    if max(counts.values()) > MOST:
        raise ValidationError({"items": _("Nobody buys that many.")})
    return dict(sorted(counts.items()))


def written(counts: dict[str, int]) -> str:
    """The one spelling of a basket."""
    return "; ".join(f"{code}*{count}" for code, count in sorted(counts.items()))


def products_of(pharmacy: Pharmacy, counts: dict[str, int]) -> dict[Product, int]:
    """The pharmacy's products behind the codes; raises ValidationError naming the codes its till does not know."""
    found = {row.code: row for row in Product.objects.filter(pharmacy=pharmacy, code__in=counts, ended_on=None)}
    unknown = [code for code in counts if code not in found]
    if unknown:
        words = {"codes": ", ".join(unknown)[:80]}
        raise ValidationError({"items": _("This pharmacy sells no product with the code: %(codes)s") % words})
    return {found[code]: count for code, count in counts.items()}
