"""Acts that need a reason: one place that asks for it."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


def stated(reason: str) -> str:
    """A reason without blanks around it; refused when there is none."""
    if not (reason or "").strip():
        raise ValidationError({"reason": _("Say why.")})
    return reason.strip()
