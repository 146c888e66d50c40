"""The second person: a restriction entered by hand, or lifted early by hand, is never the word of one officer.

A system keeps who had a hand in a proposal; here stands who may agree to it, and that a refused attempt is on record.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from fangxian.core import audit
from fangxian.core.records import Record


class SamePerson(ValidationError):
    """Whoever wants to agree is not a second person."""


def require_other(by, first: Iterable[int | None]) -> None:
    """Raise `SamePerson` unless a named officer agrees who is none of the `first` (ids of officers)."""
    if by is None:
        raise SamePerson(_("An officer has to agree, not the system."))
    if by.pk in set(first):
        raise SamePerson(_("You proposed this: a second person has to agree."))


@contextmanager
def deciding(record: Record, *, by, action: str) -> Iterator[None]:
    """The transaction of a decision. One refused for want of a second person is undone, and the attempt audited."""
    try:
        with transaction.atomic():
            yield
    except SamePerson as refused:
        with audit.act(f"{action}.refused", by=by, area=record.area, target=record) as detail:
            detail["reason"] = " ".join(refused.messages)
        raise
