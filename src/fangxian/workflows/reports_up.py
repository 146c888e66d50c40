"""What a report up counts beside directives and tasks: cases, arrivals, contacts in quarantine, findings.

Each figure is one condition on one ledger (`directives/reporting.py`): counted for the area that reports and all below
it, and open to whoever reads that ledger. Another figure is another line here.
"""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fangxian.systems.directives.reporting import reports

reports(
    "cases_new", _("New cases"), "cases.case",
    lambda span, at: Q(created_at__gte=span.starts_at, created_at__lt=span.ends_at) & ~Q(classification="NO_CASE"),
)  # fmt: skip
reports(
    "arrivals_entered", _("Arrivals entered"), "arrivals.arrival",
    lambda span, at: Q(created_at__gte=span.starts_at, created_at__lt=span.ends_at),
)  # fmt: skip
reports("quarantine_in", _("Persons in quarantine"), "quarantine.stay", lambda span, at: Q(state="IN"))
reports(
    "findings_raised", _("Findings raised"), "inspection.finding",
    lambda span, at: Q(created_at__gte=span.starts_at, created_at__lt=span.ends_at),
)  # fmt: skip
