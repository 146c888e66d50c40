"""Photos and papers of a record: what was put to it, by whom; the content encrypted beside it.

The content lies in the database, so that it is in one transaction with its audit row, in every backup, and gone from
the store when it is removed. It is recognised by its first bytes, never by what its name says.
"""

import hashlib
from pathlib import PurePath
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from fangxian.core import audit, cipher
from fangxian.core.areas import Area
from fangxian.core.clock import now
from fangxian.core.ids import uuid7
from fangxian.core.officers import Officer
from fangxian.core.permissions import Refused
from fangxian.core.reasons import stated
from fangxian.core.records import Record

MEGABYTE = 1024 * 1024
MOST_BYTES = 8 * MEGABYTE  # a phone's photo; one row of the store
MOST_FILES = 30  # a record
AAD = "registers.attachment"
NAME_LENGTH, REASON_LENGTH = 120, 200

# first bytes (where they start) → endings a file of that kind may have, and its type
KINDS: tuple[tuple[int, bytes, dict[str, str]], ...] = (
    (0, b"\xff\xd8\xff", {"jpg": "image/jpeg", "jpeg": "image/jpeg"}),
    (0, b"\x89PNG\r\n\x1a\n", {"png": "image/png"}),
    (8, b"WEBP", {"webp": "image/webp"}),
    (4, b"ftyphei", {"heic": "image/heic"}),
    (0, b"%PDF-", {"pdf": "application/pdf"}),
    (0, b"PK\x03\x04", {
        "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    }),
)  # fmt: skip
ENDINGS = tuple(ending for _start, _bytes, types in KINDS for ending in types)


class Attachment(models.Model):
    """One file of one record. A removed one keeps its row, its reason and no content."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    subject_kind = models.CharField(_("About (kind)"), max_length=40)
    subject_id = models.UUIDField(_("About"))
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    name = models.CharField(_("File"), max_length=NAME_LENGTH)
    media_type = models.CharField(_("Type"), max_length=80)
    size = models.PositiveIntegerField(_("Bytes"))
    digest = models.CharField(max_length=64, editable=False)
    added_at = models.DateTimeField(_("Added"), default=now)
    added_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    removed_at = models.DateTimeField(_("Removed"), null=True)
    removed_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    removal_reason = models.CharField(_("Reason"), max_length=REASON_LENGTH, blank=True)

    class Meta:
        verbose_name = _("Attachment")
        verbose_name_plural = _("Attachments")
        indexes = [models.Index(fields=["subject_kind", "subject_id", "added_at"], name="attachment_subject")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(removed_at=None, removed_by=None)
                | models.Q(removed_at__isnull=False, removed_by__isnull=False),
                name="attachment_removed_by_someone",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_image(self) -> bool:
        """Whether a browser can show it."""
        return self.media_type in ("image/jpeg", "image/png", "image/webp")


class AttachmentContent(models.Model):
    """The encrypted bytes, apart from the row, so that a list of files never reads them."""

    attachment = models.OneToOneField(Attachment, models.CASCADE, primary_key=True, related_name="stored")
    sealed = models.BinaryField()

    class Meta:
        verbose_name = _("Content of an attachment")
        verbose_name_plural = _("Contents of attachments")

    def __str__(self) -> str:
        return str(self.attachment_id)


def attach(record: Record, *, name: str, content: bytes, by: Officer | None, id: UUID | None = None) -> Attachment:  # noqa: A002
    """Put a file to a record. The same content again (a phone that lost the answer) is answered with what is stored."""
    name = PurePath(name.replace("\\", "/")).name[-NAME_LENGTH:]
    media_type, digest = _judged(name, content), hashlib.sha256(content).hexdigest()
    with transaction.atomic():
        type(record)._base_manager.select_for_update().get(pk=record.pk)  # one file after the other, so the count holds
        there = list(of(record))
        if known := next((file for file in there if file.digest == digest), None):
            return known
        if len(there) >= MOST_FILES:
            raise ValidationError({"file": _("A record takes %(most)s files.") % {"most": MOST_FILES}})
        made = Attachment.objects.create(
            id=id or uuid7(), subject_kind=record._meta.label_lower, subject_id=record.pk, area_id=record.area_id,
            name=name, media_type=media_type, size=len(content), digest=digest, added_by=by,
        )  # fmt: skip
        AttachmentContent.objects.create(attachment=made, sealed=cipher.seal(content, aad=_aad(made)))
        _write_audit("attached", made, record, by)
    return made


def changeable(register, officer: Officer, pk) -> Record:
    """The record, for an officer who may put files to it or take them away; `Refused` with the reason otherwise."""
    found = register.get(pk)
    decision = register.may_attach(officer, found)
    if not decision:
        raise Refused(str(decision.reason))
    return found


def of(record: Record) -> models.QuerySet[Attachment]:
    """The files of a record, oldest first. The caller has found the record in its scope."""
    files = Attachment.objects.filter(subject_kind=record._meta.label_lower, subject_id=record.pk)
    return files.filter(removed_at=None).select_related("added_by").order_by("added_at", "pk")


def read(record: Record, attachment_id: UUID, *, by: Officer) -> tuple[Attachment, bytes]:
    """A file and its content; the reading is recorded. Raises Attachment.DoesNotExist for any other record's file."""
    found = of(record).get(pk=attachment_id)
    content = cipher.unseal(bytes(found.stored.sealed), aad=_aad(found))
    with transaction.atomic():
        _write_audit("file_read", found, record, by)
    return found, content


def remove(record: Record, attachment_id: UUID, *, by: Officer, reason: str) -> Attachment:
    """Take a file away: the content is gone, who removed it and why stays."""
    reason = stated(reason)[:REASON_LENGTH]
    with transaction.atomic():
        found = of(record).get(pk=attachment_id)
        found.removed_at, found.removed_by, found.removal_reason = now(), by, reason
        found.save()
        found.stored.delete()
        _write_audit("file_removed", found, record, by, reason=found.removal_reason)
    return found


def _judged(name: str, content: bytes) -> str:
    """The media type; a reason for the page where it cannot be taken."""
    if not content:
        raise ValidationError({"file": _("The file is empty.")})
    if len(content) > MOST_BYTES:
        raise ValidationError({"file": _("The file is larger than %(most)s MB.") % {"most": MOST_BYTES // MEGABYTE}})
    ending = PurePath(name).suffix.lower().removeprefix(".")
    for start, first, types in KINDS:
        if content[start : start + len(first)] == first and ending in types:
            return types[ending]
    raise ValidationError({"file": _("Photos and papers only: %(kinds)s.") % {"kinds": ", ".join(ENDINGS)}})


def _aad(attachment: Attachment) -> str:
    """The content opens as this file of this record and as no other."""
    return f"{AAD}:{attachment.pk}:{attachment.subject_id}"


def _write_audit(act: str, attachment: Attachment, record: Record, by: Officer | None, **more: str) -> None:
    # not its name, which may be a person's
    detail = {"file": str(attachment.pk), "digest": attachment.digest, **more}
    audit.write(f"{record._meta.label_lower}.{act}", by=by, area=attachment.area_id, target=record, detail=detail)
