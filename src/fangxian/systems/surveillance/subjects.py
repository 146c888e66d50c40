"""What a signal may be about: a disease of the table, or a syndrome that is not a disease yet."""

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from fangxian.core import diseases

SYNDROMES: dict[str, Promise] = {
    "s:respiratory": _("Respiratory syndrome"),
    "s:enteric": _("Enteric syndrome"),
    "s:other": _("Other unexplained counts"),
}


def is_syndrome(subject: str) -> bool:
    """Whether it is what channels see before there is a disease."""
    return subject.startswith("s:")


def name_of(key: str) -> str:
    """The name of a disease or syndrome in the reader's language; the key itself where nobody knows it."""
    if key in SYNDROMES:
        return str(SYNDROMES[key])
    return diseases.get(key).name(get_language() or "en") if key in diseases.KEYS else key
