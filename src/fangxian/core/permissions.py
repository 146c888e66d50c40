"""What may be done: one enumeration, and one place that answers with a reason."""

from dataclasses import dataclass
from enum import StrEnum

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _


class Permission(StrEnum):
    """Every right there is. A register takes `<system>.read|write|import|export`; the rest are named acts."""

    AREAS_READ = "areas.read"
    PEOPLE_READ = "people.read"
    PEOPLE_WRITE = "people.write"
    PEOPLE_IMPORT = "people.import"
    PEOPLE_EXPORT = "people.export"
    PEOPLE_UNMASK = "people.unmask"
    COMMAND_READ = "command.read"
    COMMAND_WRITE = "command.write"
    COMMAND_IMPORT = "command.import"
    COMMAND_EXPORT = "command.export"
    SCREENING_READ = "screening.read"
    SCREENING_WRITE = "screening.write"
    SCREENING_IMPORT = "screening.import"
    SCREENING_EXPORT = "screening.export"
    VENUE_CODES_PRINT = "venue_codes.print"
    FLAGGED_SCANS_READ = "flagged_scans.read"
    TESTING_READ = "testing.read"
    TESTING_WRITE = "testing.write"
    TESTING_IMPORT = "testing.import"
    TESTING_EXPORT = "testing.export"
    TESTING_RESOLVE = "testing.resolve"
    ROUNDS_RUN = "rounds.run"
    CASES_READ = "cases.read"
    CASES_WRITE = "cases.write"
    CASES_IMPORT = "cases.import"
    CASES_EXPORT = "cases.export"
    QUARANTINE_READ = "quarantine.read"
    QUARANTINE_WRITE = "quarantine.write"
    QUARANTINE_IMPORT = "quarantine.import"
    QUARANTINE_EXPORT = "quarantine.export"
    INSPECTION_READ = "inspection.read"
    INSPECTION_WRITE = "inspection.write"
    INSPECTION_IMPORT = "inspection.import"
    INSPECTION_EXPORT = "inspection.export"
    INSPECTION_DECIDE = "inspection.decide"
    INSPECTION_SELF_CHECK = "inspection.self_check"
    RISK_AREAS_READ = "risk_areas.read"
    RISK_AREAS_WRITE = "risk_areas.write"
    RISK_AREAS_IMPORT = "risk_areas.import"
    RISK_AREAS_EXPORT = "risk_areas.export"
    CHECKPOINTS_READ = "checkpoints.read"
    CHECKPOINTS_WRITE = "checkpoints.write"
    CHECKPOINTS_IMPORT = "checkpoints.import"
    CHECKPOINTS_EXPORT = "checkpoints.export"
    ARRIVALS_READ = "arrivals.read"
    ARRIVALS_WRITE = "arrivals.write"
    ARRIVALS_IMPORT = "arrivals.import"
    ARRIVALS_EXPORT = "arrivals.export"
    LETTERS_READ = "letters.read"
    LETTERS_WRITE = "letters.write"
    LETTERS_IMPORT = "letters.import"
    LETTERS_EXPORT = "letters.export"
    LETTERS_PEERS = "letters.peers"
    MEDICAL_READ = "medical.read"
    MEDICAL_WRITE = "medical.write"
    MEDICAL_IMPORT = "medical.import"
    MEDICAL_EXPORT = "medical.export"
    DOORS_WALK = "doors.walk"
    DOORS_WATCH = "doors.watch"
    COMMUNITY_READ = "community.read"
    COMMUNITY_WRITE = "community.write"
    COMMUNITY_IMPORT = "community.import"
    COMMUNITY_EXPORT = "community.export"
    PUBLIC_REPORTS_READ = "public_reports.read"
    PUBLIC_REPORTS_WRITE = "public_reports.write"
    PUBLIC_REPORTS_EXPORT = "public_reports.export"
    PUBLICITY_READ = "publicity.read"
    PUBLICITY_WRITE = "publicity.write"
    PUBLICITY_IMPORT = "publicity.import"
    PUBLICITY_EXPORT = "publicity.export"
    GOODS_READ = "goods.read"
    GOODS_WRITE = "goods.write"
    GOODS_IMPORT = "goods.import"
    GOODS_EXPORT = "goods.export"
    GOODS_TESTS_READ = "goods_tests.read"
    GOODS_TESTS_WRITE = "goods_tests.write"
    GOODS_TESTS_IMPORT = "goods_tests.import"
    GOODS_TESTS_EXPORT = "goods_tests.export"
    GOODS_TESTS_REPORT = "goods_tests.report"
    PHARMACIES_READ = "pharmacies.read"
    PHARMACIES_WRITE = "pharmacies.write"
    PHARMACIES_IMPORT = "pharmacies.import"
    PHARMACIES_EXPORT = "pharmacies.export"
    PHARMACIES_MANAGE = "pharmacies.manage"
    ENVIRONMENT_READ = "environment.read"
    ENVIRONMENT_WRITE = "environment.write"
    ENVIRONMENT_IMPORT = "environment.import"
    ENVIRONMENT_EXPORT = "environment.export"
    ENVIRONMENT_SAMPLES_READ = "environment_samples.read"
    ENVIRONMENT_SAMPLES_WRITE = "environment_samples.write"
    ENVIRONMENT_SAMPLES_IMPORT = "environment_samples.import"
    ENVIRONMENT_SAMPLES_EXPORT = "environment_samples.export"
    ENVIRONMENT_SAMPLES_REPORT = "environment_samples.report"
    IMMUNIZATION_READ = "immunization.read"
    IMMUNIZATION_WRITE = "immunization.write"
    IMMUNIZATION_IMPORT = "immunization.import"
    IMMUNIZATION_EXPORT = "immunization.export"
    SURVEILLANCE_READ = "surveillance.read"
    SURVEILLANCE_WRITE = "surveillance.write"
    SURVEILLANCE_IMPORT = "surveillance.import"
    SURVEILLANCE_EXPORT = "surveillance.export"
    BULLETINS_READ = "bulletins.read"
    BULLETINS_WRITE = "bulletins.write"
    BULLETINS_IMPORT = "bulletins.import"
    BULLETINS_EXPORT = "bulletins.export"
    DIRECTIVES_READ = "directives.read"
    DIRECTIVES_WRITE = "directives.write"
    DIRECTIVES_IMPORT = "directives.import"
    DIRECTIVES_EXPORT = "directives.export"
    SUPPLIES_READ = "supplies.read"
    SUPPLIES_WRITE = "supplies.write"
    SUPPLIES_IMPORT = "supplies.import"
    SUPPLIES_EXPORT = "supplies.export"
    WORKFORCE_READ = "workforce.read"
    WORKFORCE_WRITE = "workforce.write"
    WORKFORCE_IMPORT = "workforce.import"
    WORKFORCE_EXPORT = "workforce.export"
    TRAINING_ASK = "training.ask"
    DRILLS_READ = "drills.read"
    DRILLS_WRITE = "drills.write"
    DRILLS_IMPORT = "drills.import"
    DRILLS_EXPORT = "drills.export"
    READINESS_READ = "readiness.read"
    READINESS_WRITE = "readiness.write"
    READINESS_IMPORT = "readiness.import"
    READINESS_EXPORT = "readiness.export"
    SITUATION_READ = "situation.read"
    SITUATION_WRITE = "situation.write"
    SITUATION_IMPORT = "situation.import"
    SITUATION_EXPORT = "situation.export"
    TRACE_RUN = "trace.run"
    TRACE_READ = "trace.read"
    TRACE_CONFIRM = "trace.confirm"
    TRACE_EXPORT = "trace.export"
    RESPOND_RUN = "respond.run"
    JOBS_READ = "jobs.read"
    POLICY_READ = "policy.read"
    ACCOUNTS_MANAGE = "accounts.manage"
    SYSTEM_MANAGE = "system.manage"
    AUDIT_READ = "audit.read"


@dataclass(frozen=True)
class Decision:
    """An answer and the sentence shown with it."""

    allowed: bool
    reason: str = ""

    def __bool__(self) -> bool:
        return self.allowed


class Refused(PermissionDenied):
    """The act is not allowed; the message is the reason, fit to be shown."""


def may(officer, permission: Permission, area_code: str | None = None) -> Decision:
    """Whether an officer may do something, and if an area is named, there."""
    if officer is None or not officer.is_authenticated or not officer.is_active:
        return Decision(False, _("Sign in first."))
    posts = officer.posts_with(permission)
    if not posts:
        return Decision(False, _("None of your posts carries the right “%(right)s”.") % {"right": permission.value})
    if area_code is not None and not any(post.covers(area_code) for post in posts):
        return Decision(False, _("Your posts do not reach this area."))
    return Decision(True)


def require(officer, permission: Permission, area_code: str | None = None) -> None:
    """Raise `Refused` with the reason unless the officer may."""
    decision = may(officer, permission, area_code)
    if not decision:
        raise Refused(str(decision.reason))
