"""The named lists of supervision: what a figure counts is what its link shows."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fangxian.core.clock import now
from fangxian.faces.web.registers.named import add
from fangxian.systems.inspection.words import Step

FINDINGS, ACCOUNTS = "inspection.finding", "inspection.accountability"
UNSETTLED = Q(state__in=["OPEN", "RECTIFIED", "IMPOSSIBLE"])


def _above(value: str) -> Q:
    return UNSETTLED & (Q(step=value) if value else ~Q(step=Step.OWNER))


add("unsettled", FINDINGS, _("not settled"), lambda value: UNSETTLED & (Q(severity=value) if value else Q()))
add("late", FINDINGS, _("overdue"), lambda value: Q(state="OPEN", due_at__lt=now()))
add("to_recheck", FINDINGS, _("to be re-checked"), lambda value: Q(state="RECTIFIED"))
add("to_decide", FINDINGS, _("said to be impossible"), lambda value: Q(state="IMPOSSIBLE"))
add("repeated", FINDINGS, _("repeats"), lambda value: UNSETTLED & Q(times_before__gt=0))
add("reopened", FINDINGS, _("reopened"), lambda value: UNSETTLED & Q(times_reopened__gt=0))
add("above", FINDINGS, _("up the ladder"), _above)
add("open", ACCOUNTS, _("to be decided or heard"), lambda value: Q(state__in=["PROPOSED", "APPEALED"]))
