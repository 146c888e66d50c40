"""An import as people meet it: upload, look at the trial's ledger, confirm, get the repair sheet.

Uploads and repair sheets hold personal data: they are kept encrypted, one day, for the one who brought them.
"""

import base64
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _gettext
from django.utils.translation import gettext_lazy as _

from fangxian.core import audit, jobs
from fangxian.core.clock import now
from fangxian.core.fields import EncryptedTextField
from fangxian.core.ids import uuid7
from fangxian.core.officers import Officer
from fangxian.registers import imports, sheets
from fangxian.registers.collection import site
from fangxian.registers.ledger import Ledger

KEPT = timedelta(hours=24)
AT_ONCE = 2_000  # rows that are tried and imported while the person waits


class ImportRun(models.Model):
    """One upload: whose, into which register, what its trial and its import said."""

    class State(models.TextChoices):
        TRYING = "trying", _("Being tried")
        TRIED = "tried", _("Tried, not yet imported")
        IMPORTING = "importing", _("Being imported")
        DONE = "done", _("Imported")
        REFUSED = "refused", _("Cannot be read")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    register = models.CharField(_("Register"), max_length=80)
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    filename = models.CharField(_("File"), max_length=120)
    state = models.CharField(_("State"), max_length=10, choices=State.choices, default=State.TRYING)
    ledger = models.JSONField(default=dict)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField(default=now)
    upload = EncryptedTextField(mask="text")
    repair = EncryptedTextField(mask="text")

    class Meta:
        verbose_name = _("Import")
        verbose_name_plural = _("Imports")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.register} {self.filename}"

    @property
    def content(self) -> bytes:
        """The uploaded file."""
        return base64.b64decode(self.upload.reveal())

    @property
    def repair_sheet(self) -> bytes:
        """The rows that were not taken, as a workbook ready to be mended and imported again."""
        return base64.b64decode(self.repair.reveal())


def begin(register, content: bytes, filename: str, *, by) -> ImportRun:
    """Take an upload and try it; large ones are tried by a job."""
    run = ImportRun.objects.create(
        register=register.slug, officer=by, filename=filename[:120], upload=base64.b64encode(content).decode()
    )
    return _go(run, by=by)


def confirm(run: ImportRun, *, by) -> ImportRun:
    """Import what was tried."""
    if run.state != ImportRun.State.TRIED:
        raise ValidationError(_("This import is not waiting to be confirmed."))
    run.state = ImportRun.State.IMPORTING
    run.save()
    return _go(run, by=by)


def purge() -> int:
    """Delete uploads older than a day; returns how many."""
    return ImportRun.objects.filter(created_at__lt=now() - KEPT).delete()[0]


def _go(run: ImportRun, *, by) -> ImportRun:
    try:
        table = sheets.read(run.content)
    except ValidationError as error:
        return _refuse(run, error)
    if len(table.rows) > AT_ONCE:
        jobs.enqueue("registers.import", by=by, key=f"{run.pk}-{run.state}", run=str(run.pk))
        return run
    return _apply(run, table)


def keep(register, ledger: Ledger, filename: str, *, by) -> ImportRun:
    """Keep what became of a sheet that went another way than an import, with its repair sheet."""
    sheet = base64.b64encode(repair(ledger)).decode() if ledger.repair else ""
    return ImportRun.objects.create(
        register=register.slug, officer=by, filename=filename[:120], state=ImportRun.State.DONE,
        ledger=ledger.as_dict(), repair=sheet,
    )  # fmt: skip


@jobs.job("registers.import")
def import_job(job, run: str) -> dict:
    """Try or import a large upload, showing how far it is."""
    found = ImportRun.objects.get(pk=run)
    _apply(found, sheets.read(found.content), lambda done, total: job.progress(done, total))
    return {"run": run}


def _apply(run: ImportRun, table: sheets.Table, progress=lambda done, total: None) -> ImportRun:
    register, trial = site.get(run.register), run.state == ImportRun.State.TRYING
    try:
        with register.scope(run.officer, "import"):
            ledger = imports.run(register, table, by=run.officer, dry_run=trial, progress=progress)
    except ValidationError as error:
        return _refuse(run, error)
    run.ledger = ledger.as_dict()
    run.repair = base64.b64encode(repair(ledger)).decode() if ledger.repair else ""
    run.state = ImportRun.State.TRIED if trial else ImportRun.State.DONE
    if not trial:
        with audit.act(f"{run.register}.sheet_imported", by=run.officer, target=run, detail=ledger.counts()):
            run.upload = ""
            run.save()
    run.save()
    return run


def repair(ledger: Ledger) -> bytes:
    """The rejected rows as they came, with the reason in a last column that an import ignores."""
    reasons: dict[int, list[str]] = {}
    for reject in ledger.rejects:
        reasons.setdefault(reject.row, []).append(f"{reject.field}: {reject.reason}" if reject.field else reject.reason)
    rows = [[*cells, "; ".join(why)] for cells, why in zip(ledger.repair, reasons.values(), strict=True)]
    width = len(ledger.headings)
    rows = [[*row[:-1][:width], *[""] * (width - len(row) + 1), row[-1]] for row in rows]
    return sheets.write_xlsx([*ledger.headings, _gettext("Reason for rejection")], rows)


def _refuse(run: ImportRun, error: ValidationError) -> ImportRun:
    run.state, run.error = ImportRun.State.REFUSED, " ".join(error.messages)
    run.save()
    return run


def mine(officer) -> models.QuerySet[ImportRun]:
    """The officer's own imports; nobody sees another's upload."""
    return ImportRun.objects.filter(officer=officer)
