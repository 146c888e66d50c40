"""The door for entries of phones: each in a transaction of its own, accepted once, or refused with field and reason."""

import logging
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from fangxian.core import scope
from fangxian.core.areas import Area
from fangxian.core.clock import now
from fangxian.core.officers import Officer
from fangxian.core.permissions import Refused, require
from fangxian.core.records import Conflict
from fangxian.faces.field import kinds, merging
from fangxian.faces.field.batches import Sent
from fangxian.faces.field.kinds import Entry, Kind
from fangxian.faces.field.models import Submission

ACCEPTED, KNOWN, REFUSED, LATER = "accepted", "known", "refused", "later"
log = logging.getLogger(__name__)


def receive(officer: Officer, sent: Sent) -> dict[str, Any]:
    """What became of one entry: `{row, id, state}` and, unless it is stored, `field` and `reason`.

    `later` means the fault is ours: the phone keeps the entry and sends it again.
    """
    answer = {"row": sent.row, "id": str(sent.id) if sent.id else None}
    try:
        return {**answer, "state": _taken(officer, sent)}
    except Unwanted as unwanted:
        return {**answer, "state": REFUSED, "field": unwanted.field, "reason": unwanted.reason}
    except Exception:
        log.exception("phone entry %s failed", sent.id)
        return {**answer, "state": LATER, "field": "", "reason": _("The server could not do that. Nothing was saved.")}


class Unwanted(Exception):
    """An entry that is not stored, with the field at fault ("" for the whole) and the reason."""

    def __init__(self, field: str, reason: str):
        self.field, self.reason = field, str(reason)
        super().__init__(field)


def _taken(officer: Officer, sent: Sent) -> str:
    kind = kinds.get(sent.kind)
    if sent.id is None:
        raise Unwanted("id", _("The call cannot be read."))
    if kind is None:
        raise Unwanted("kind", _("This page of the phone is out of date. Load it again, then send once more."))
    entry = Entry(sent.id, kind.name, officer, sent.made_at, sent.device_at, sent.payload)
    try:
        return _write(kind, entry, sent.digest)
    except Conflict as conflict:
        merging.keep(entry, conflict.record, conflict.clashes)
        unwanted = Unwanted(conflict.clashes[0].field, _("Somebody else changed this meanwhile. Look at it again."))
    except ValidationError as error:
        unwanted = Unwanted(*_first(error))
        if kind.refused is not None:
            kind.refused(entry, error)
    except Refused as refused:
        unwanted = Unwanted("", str(refused))
    except ObjectDoesNotExist:
        unwanted = Unwanted("", _("This is no longer there, or no longer yours."))
    _remember_refusal(entry, sent.digest, unwanted)
    raise unwanted


def _write(kind: Kind, entry: Entry, digest: str) -> str:
    """The entry's own transaction: its row first, so that the same id sent twice at once is written once."""
    with transaction.atomic(), scope.of(entry.by, kind.permission):
        row, is_new = Submission.objects.select_for_update().get_or_create(
            pk=entry.id, defaults=_row(entry, digest, Submission.State.ACCEPTED)
        )
        if not is_new and _is_known(row, entry, digest):
            return KNOWN
        require(entry.by, kind.permission)
        _stamp(row, entry, digest, kind.handler(entry))
    return ACCEPTED


def _is_known(row: Submission, entry: Entry, digest: str) -> bool:
    """Whether this very entry is stored already. One that was refused may come again, mended."""
    if row.officer_id != entry.by.pk:
        raise Refused(_("This id is taken by another record."))
    if row.state == Submission.State.REFUSED:
        return False
    if row.digest != digest:
        raise ValidationError({"id": _("This entry is stored already. Make a new one to correct it.")})
    return True


def _row(entry: Entry, digest: str, state: str) -> dict[str, Any]:
    return {"officer": entry.by, "kind": entry.kind, "state": state, "digest": digest, "made_at": entry.made_at,
            "device_at": entry.device_at}  # fmt: skip


def _stamp(row: Submission, entry: Entry, digest: str, written: Any) -> None:
    """What the entry became."""
    row.state, row.digest, row.field, row.reason = Submission.State.ACCEPTED, digest, "", ""
    row.made_at, row.device_at, row.received_at = entry.made_at, entry.device_at, now()
    if written is not None:
        row.target_kind, row.target_id = written._meta.label_lower, str(written.pk)
        area = getattr(written, "area_id", "")
        row.area_code = area.code if isinstance(area, Area) else area or ""
    row.save()


def _remember_refusal(entry: Entry, digest: str, unwanted: Unwanted) -> None:
    """So that the office sees what its phones could not deliver. What is stored already stays so."""
    with transaction.atomic():
        row, is_new = Submission.objects.select_for_update().get_or_create(
            pk=entry.id,
            defaults={**_row(entry, digest, Submission.State.REFUSED), "field": unwanted.field[:40],
                      "reason": unwanted.reason[:300]},
        )  # fmt: skip
        if is_new or row.state == Submission.State.ACCEPTED or row.officer_id != entry.by.pk:
            return
        row.tries, row.digest, row.received_at = row.tries + 1, digest, now()
        row.field, row.reason = unwanted.field[:40], unwanted.reason[:300]
        row.save()


def _first(error: ValidationError) -> tuple[str, str]:
    """The first field at fault with its reason; a phone shows one at a time."""
    if hasattr(error, "error_dict"):
        name, found = next(iter(error.message_dict.items()))
        return ("" if name == "__all__" else name), " ".join(found)
    return "", " ".join(error.messages)
