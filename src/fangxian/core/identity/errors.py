"""Why an identifier is refused, and what is only doubtful about an accepted one."""

from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class InvalidIdentifier(ValueError):
    """A value is not an identifier of its kind; `reason` is for people, translated when shown."""

    def __init__(self, kind: str, reason: str | Promise):
        super().__init__(kind, reason)
        self.kind = kind
        self.reason = reason

    def __str__(self) -> str:
        # The value itself is never quoted: messages end in logs.
        return f"{self.kind}: {self.reason}"


class Doubt(StrEnum):
    """What a person should look at although the identifier is accepted."""

    UNKNOWN_REGION = "unknown_region"
    LOOKS_ROUNDED = "looks_rounded"
    OLD_FORM = "old_form"
    NO_CHECK_DIGIT = "no_check_digit"
    LETTER_READ_AS_DIGIT = "letter_read_as_digit"

    @property
    def text(self) -> Promise:
        """The doubt in words."""
        return _TEXTS[self]


_TEXTS = {
    Doubt.UNKNOWN_REGION: _("The region code is not known. Old codes exist: check it against the document."),
    Doubt.LOOKS_ROUNDED: _("The number ends in 000, as numbers do that a spreadsheet has rounded: check the document."),
    Doubt.OLD_FORM: _("An identity number of the old 15-digit form was converted to 18 digits."),
    Doubt.NO_CHECK_DIGIT: _("Numbers of this form have no check digit: check it against the document."),
    Doubt.LETTER_READ_AS_DIGIT: _("The letter O or I was read as the digit 0 or 1: plates do not use these letters."),
}

REASON_ROUNDED = _(
    "A spreadsheet has rounded this number and its last digits are lost. Format the column as text and enter it again."
)
REASON_EMPTY = _("Nothing was entered.")
REASON_CHECK_DIGIT = _("The check digit does not fit: one digit is wrong or two are swapped.")
