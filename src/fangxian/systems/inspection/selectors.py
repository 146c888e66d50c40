"""Reading findings; always inside the scope in force."""

from uuid import UUID

from django.db.models import QuerySet

from fangxian.core.areas import code_range
from fangxian.systems.inspection.models import Finding

UNSETTLED = (Finding.State.OPEN, Finding.State.RECTIFIED, Finding.State.IMPOSSIBLE)


def finding(finding_id: UUID | str) -> Finding:
    """One finding with what its page shows; raises Finding.DoesNotExist outside the scope as for no such finding."""
    return Finding.objects.select_related("area", "officer", "task").get(pk=finding_id)


def for_subject(kind: str, subject_id: UUID) -> list[Finding]:
    """All findings about one place, site …, the newest first."""
    found = Finding.objects.filter(subject_kind=kind, subject_id=subject_id)
    return list(found.select_related("area", "officer", "task").order_by("-found_on", "-pk"))


def unsettled(area_code: str) -> QuerySet[Finding]:
    """Findings of an area and all below it that are not closed; what is due first first."""
    low, high = code_range(area_code)
    rows = Finding.objects.filter(state__in=UNSETTLED, area_id__gte=low, area_id__lt=high)
    return rows.select_related("area", "officer", "task").order_by("due_at", "pk")
