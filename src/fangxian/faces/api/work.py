"""Long work: how far a job is."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Path, Router, Schema

from fangxian.core.jobs import Job
from fangxian.core.permissions import Permission, may
from fangxian.faces.api.policy import ANY_OFFICER, operation

router = Router(tags=["jobs"])


class JobOut(Schema):
    """A piece of long work."""

    id: UUID
    kind: str
    state: str
    done: int
    total: int
    percent: int
    message: str
    result: dict[str, Any]
    failed: bool
    created_at: datetime
    finished_at: datetime | None


def shown_job(job: Job) -> dict[str, Any]:
    """What a caller may know of a job; the fault itself is for the operator."""
    names = ("id", "kind", "state", "done", "total", "percent", "message", "result", "created_at", "finished_at")
    return {**{name: getattr(job, name) for name in names}, "failed": job.state == Job.State.FAILED}


@operation(router.get, "/{uuid:pk}", policy=ANY_OFFICER, response=JobOut, summary="How far a job is")
def job(request: HttpRequest, pk: Path[UUID]):
    """One's own jobs; those of others need the right to see the work of the platform."""
    found = Job.objects.get(pk=pk)
    if found.created_by_id != request.user.pk and not may(request.user, Permission.JOBS_READ):
        raise Job.DoesNotExist
    return shown_job(found)
