"""Long work: a row says what, how far and where it stopped, so that any process can go on with it.

Works without a server on the embedded default (the worker runs beside the pages) and with several workers on
PostgreSQL: a worker claims a job by compare-and-swap and holds a lease that it renews as it reports progress; when
a worker dies, its lease runs out and the next one resumes from the last checkpoint.
"""

import logging
from collections.abc import Callable
from datetime import timedelta

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from fangxian.core.clock import now
from fangxian.core.drilling import scaled
from fangxian.core.ids import uuid7
from fangxian.core.modes import remembered
from fangxian.core.officers import Officer

LEASE = timedelta(seconds=60)
MAX_ATTEMPTS = 5
log = logging.getLogger(__name__)
_kinds: dict[str, Callable] = {}


class Job(models.Model):
    """A piece of long work. Its payload names records by id and never carries personal data."""

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(_("Kind"), max_length=48)
    key = models.CharField(_("Key"), max_length=120, null=True)
    payload = models.JSONField(default=dict)
    state = models.CharField(_("State"), max_length=8, choices=State.choices, default=State.QUEUED)
    done = models.PositiveIntegerField(_("Done"), default=0)
    total = models.PositiveIntegerField(_("Of"), default=0)
    message = models.CharField(_("Message"), max_length=200, blank=True)
    checkpoint = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    error = models.TextField(_("Error"), blank=True)
    attempts = models.PositiveSmallIntegerField(_("Attempts"), default=0)
    lease_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(_("Created"), default=now)
    created_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    finished_at = models.DateTimeField(_("Finished"), null=True)

    class Meta:
        verbose_name = _("Job")
        verbose_name_plural = _("Jobs")
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["state", "created_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "key"], condition=models.Q(state__in=["queued", "running"]), name="job_once_open"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"

    @property
    def percent(self) -> int:
        """How far, in whole percent."""
        return 100 if self.state == self.State.DONE else int(100 * self.done / self.total) if self.total else 0

    def progress(self, done: int, total: int, message: str = "") -> None:
        """Say how far the work is; also renews the lease."""
        self.done, self.total, self.message = done, total, str(message)[:200]
        self.lease_until = now() + scaled(LEASE)
        self.save(update_fields=["done", "total", "message", "lease_until"])

    def save_checkpoint(self, **values) -> None:
        """Remember what is finished, for whoever resumes."""
        self.checkpoint.update(values)
        self.lease_until = now() + scaled(LEASE)
        self.save(update_fields=["checkpoint", "lease_until"])


def job(kind: str) -> Callable[[Callable], Callable]:
    """Declare the function that does one kind of job: `f(job, **payload) -> dict | None`."""

    def declare(function: Callable) -> Callable:
        _kinds[kind] = function
        return function

    return declare


def enqueue(kind: str, *, by, key: str | None = None, **payload) -> Job:
    """Put work in the queue; an open job of the same kind and key is returned instead of a second one."""
    if kind not in _kinds:
        raise LookupError(f"no job of kind {kind} is declared")
    with transaction.atomic():
        known = Job.objects.filter(kind=kind, key=key, state__in=["queued", "running"]).first() if key else None
        return known or Job.objects.create(kind=kind, key=key, payload=payload, created_by=by)


def enqueue_once(kind: str, *, by, key: str, **payload) -> Job | None:
    """Put work in the queue unless this key was ever queued (a round of one hour or day); None when it was."""
    if Job.objects.filter(kind=kind, key=key).exists():
        return None
    return enqueue(kind, by=by, key=key, **payload)


def run_pending(limit: int | None = None) -> int:
    """Do waiting and abandoned jobs until none is left (or `limit` are done); returns how many were run."""
    count = 0
    while (limit is None or count < limit) and (claimed := claim()):
        run(claimed)
        count += 1
    return count


def claim() -> Job | None:
    """Take the next job that waits or whose worker's lease ran out; None when there is none."""
    for found in _claimable():
        taken = (
            _claimable()
            .filter(pk=found.pk, attempts=found.attempts)
            .update(state=Job.State.RUNNING, attempts=found.attempts + 1, lease_until=now() + scaled(LEASE))
        )
        if taken:
            return Job.objects.get(pk=found.pk)
    return None


def run(claimed: Job) -> Job:
    """Do one claimed job; an exception marks it failed (or waiting again while attempts are left)."""
    try:
        with remembered():
            claimed.result = _kinds[claimed.kind](claimed, **claimed.payload) or {}
        claimed.state, claimed.error, claimed.finished_at = Job.State.DONE, "", now()
    except Exception as error:
        log.exception("job %s %s failed", claimed.kind, claimed.pk)
        final = claimed.attempts >= MAX_ATTEMPTS
        claimed.state = Job.State.FAILED if final else Job.State.QUEUED
        claimed.error, claimed.finished_at = f"{type(error).__name__}: {error}"[:2000], now() if final else None
    claimed.lease_until = None
    claimed.save()
    return claimed


def forget_done(*, before) -> int:
    """Delete the rows of jobs that were done before a moment; failed ones stay. Returns how many."""
    return Job.objects.filter(state=Job.State.DONE, finished_at__lt=before).delete()[0]


def _claimable() -> models.QuerySet[Job]:
    waiting = models.Q(state=Job.State.QUEUED)
    abandoned = models.Q(state=Job.State.RUNNING, lease_until__lt=now())
    return Job.objects.filter(waiting | abandoned, kind__in=_kinds).order_by("created_at")
