"""Roles: plain classes that say what a post may do and who may hold it."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from fangxian.core.permissions import Permission as P

READ_ALL = frozenset(
    {
        P.AREAS_READ, P.PEOPLE_READ, P.COMMAND_READ, P.SCREENING_READ, P.TESTING_READ, P.CASES_READ, P.INSPECTION_READ,
        P.RISK_AREAS_READ, P.CHECKPOINTS_READ, P.ARRIVALS_READ, P.LETTERS_READ, P.MEDICAL_READ,
        P.GOODS_READ, P.GOODS_TESTS_READ, P.PHARMACIES_READ, P.ENVIRONMENT_READ, P.ENVIRONMENT_SAMPLES_READ,
        P.IMMUNIZATION_READ, P.COMMUNITY_READ, P.PUBLICITY_READ,
        P.SURVEILLANCE_READ, P.BULLETINS_READ, P.DIRECTIVES_READ,
        P.SUPPLIES_READ, P.DRILLS_READ, P.READINESS_READ,
    }
)  # fmt: skip
ROLES: dict[str, type["Role"]] = {}


class Role:
    """One kind of post. `administration` names which of the three administrations it is, if any."""

    key: ClassVar[str]
    display_name: ClassVar[str]
    description: ClassVar[str]
    permissions: ClassVar[frozenset[P]]
    second_factor: ClassVar[bool] = False
    administration: ClassVar[str] = ""
    landing: ClassVar[str] = "ledger"
    #: the post is for one house in its area (a pharmacy), and of houses it sees that one only
    one_house: ClassVar[bool] = False

    def __init_subclass__(cls) -> None:
        ROLES[cls.key] = cls


class DutyOfficer(Role):
    key = "duty_officer"
    display_name = _("Duty officer")
    description = _("On the command's roster; hands down, receives, reports. Named by the command of the area.")
    permissions = READ_ALL | {
        P.QUARANTINE_READ, P.SITUATION_READ, P.COMMAND_WRITE, P.COMMAND_IMPORT, P.COMMAND_EXPORT, P.CASES_WRITE,
        P.CASES_EXPORT, P.PEOPLE_WRITE, P.PEOPLE_IMPORT, P.PEOPLE_EXPORT, P.SCREENING_WRITE, P.SCREENING_IMPORT,
        P.TESTING_RESOLVE, P.ROUNDS_RUN, P.QUARANTINE_WRITE, P.QUARANTINE_EXPORT, P.RESPOND_RUN, P.JOBS_READ,
        P.POLICY_READ,
        P.TRACE_READ, P.TRACE_CONFIRM, P.TRACE_EXPORT,
        P.INSPECTION_WRITE, P.INSPECTION_IMPORT, P.INSPECTION_EXPORT, P.INSPECTION_DECIDE,
        P.INSPECTION_SELF_CHECK,
        P.VENUE_CODES_PRINT, P.FLAGGED_SCANS_READ,
        P.RISK_AREAS_WRITE, P.RISK_AREAS_IMPORT, P.RISK_AREAS_EXPORT,
        P.CHECKPOINTS_WRITE, P.CHECKPOINTS_IMPORT, P.CHECKPOINTS_EXPORT,
        P.ARRIVALS_WRITE, P.ARRIVALS_IMPORT, P.ARRIVALS_EXPORT,
        P.LETTERS_WRITE, P.LETTERS_IMPORT, P.LETTERS_EXPORT, P.LETTERS_PEERS,
        P.MEDICAL_WRITE, P.MEDICAL_EXPORT, P.DOORS_WATCH,
        P.GOODS_WRITE, P.GOODS_TESTS_WRITE, P.GOODS_IMPORT, P.GOODS_TESTS_IMPORT, P.GOODS_EXPORT, P.GOODS_TESTS_EXPORT,
        P.PHARMACIES_WRITE, P.PHARMACIES_IMPORT, P.PHARMACIES_EXPORT,
        P.PHARMACIES_MANAGE,
        P.ENVIRONMENT_WRITE, P.ENVIRONMENT_SAMPLES_WRITE, P.ENVIRONMENT_IMPORT, P.ENVIRONMENT_SAMPLES_IMPORT,
        P.ENVIRONMENT_EXPORT, P.ENVIRONMENT_SAMPLES_EXPORT, P.IMMUNIZATION_WRITE, P.IMMUNIZATION_IMPORT,
        P.IMMUNIZATION_EXPORT, P.COMMUNITY_WRITE, P.COMMUNITY_IMPORT, P.COMMUNITY_EXPORT, P.PUBLICITY_WRITE,
        P.PUBLIC_REPORTS_READ, P.PUBLIC_REPORTS_WRITE, P.PUBLIC_REPORTS_EXPORT,
        P.PUBLICITY_IMPORT, P.PUBLICITY_EXPORT,
        P.SURVEILLANCE_WRITE, P.SURVEILLANCE_IMPORT, P.SURVEILLANCE_EXPORT, P.BULLETINS_WRITE, P.BULLETINS_EXPORT,
        P.SUPPLIES_WRITE, P.SUPPLIES_IMPORT, P.SUPPLIES_EXPORT, P.WORKFORCE_READ, P.WORKFORCE_WRITE,
        P.WORKFORCE_IMPORT, P.WORKFORCE_EXPORT, P.TRAINING_ASK,
        P.DRILLS_WRITE, P.DRILLS_IMPORT, P.DRILLS_EXPORT, P.READINESS_WRITE, P.READINESS_IMPORT,
        P.READINESS_EXPORT, P.SITUATION_WRITE, P.SITUATION_IMPORT, P.SITUATION_EXPORT,
        P.DIRECTIVES_WRITE, P.DIRECTIVES_IMPORT, P.DIRECTIVES_EXPORT,
    }  # fmt: skip
    second_factor = True


class Investigator(Role):
    key = "investigator"
    display_name = _("Investigator")
    description = _("Field epidemiologist of the CDC; the only role that traces people. Named by the CDC.")
    permissions = READ_ALL | {
        P.QUARANTINE_READ, P.SITUATION_READ, P.CASES_WRITE, P.CASES_IMPORT, P.CASES_EXPORT, P.PEOPLE_WRITE,
        P.PEOPLE_IMPORT, P.PEOPLE_UNMASK, P.TESTING_WRITE, P.ROUNDS_RUN, P.TESTING_RESOLVE, P.COMMAND_WRITE,
        P.TRACE_RUN, P.TRACE_READ, P.TRACE_CONFIRM, P.TRACE_EXPORT, P.RESPOND_RUN, P.JOBS_READ, P.POLICY_READ,
        P.QUARANTINE_WRITE, P.SCREENING_WRITE,
        P.FLAGGED_SCANS_READ,
        P.ARRIVALS_WRITE, P.ARRIVALS_IMPORT, P.LETTERS_WRITE, P.LETTERS_IMPORT, P.LETTERS_EXPORT,
        P.GOODS_WRITE, P.GOODS_TESTS_WRITE, P.GOODS_TESTS_REPORT, P.ENVIRONMENT_SAMPLES_REPORT, P.ENVIRONMENT_WRITE,
        P.ENVIRONMENT_SAMPLES_WRITE, P.IMMUNIZATION_WRITE, P.PUBLICITY_WRITE,
        P.SURVEILLANCE_WRITE, P.SURVEILLANCE_IMPORT, P.SURVEILLANCE_EXPORT,
    }  # fmt: skip
    second_factor = True


class TownshipOfficer(Role):
    key = "township_officer"
    display_name = _("Township officer")
    description = _("Splits the county's lists by village and answers for them. Named by the township.")
    permissions = READ_ALL | {
        P.QUARANTINE_READ, P.SITUATION_READ, P.PEOPLE_WRITE, P.PEOPLE_IMPORT, P.COMMAND_WRITE, P.SCREENING_WRITE,
        P.INSPECTION_WRITE, P.INSPECTION_SELF_CHECK, P.POLICY_READ,
        P.VENUE_CODES_PRINT, P.FLAGGED_SCANS_READ,
        P.CHECKPOINTS_WRITE, P.CHECKPOINTS_IMPORT, P.ARRIVALS_WRITE, P.ARRIVALS_IMPORT, P.LETTERS_WRITE,
        P.DOORS_WATCH, P.COMMUNITY_WRITE, P.PUBLICITY_WRITE, P.ENVIRONMENT_WRITE, P.ENVIRONMENT_SAMPLES_WRITE,
        P.IMMUNIZATION_WRITE,
        P.PUBLIC_REPORTS_READ, P.PUBLIC_REPORTS_WRITE, P.DIRECTIVES_WRITE,
        P.WORKFORCE_READ, P.WORKFORCE_WRITE, P.WORKFORCE_IMPORT, P.WORKFORCE_EXPORT, P.TRAINING_ASK,
        P.READINESS_WRITE, P.READINESS_IMPORT,
        P.SUPPLIES_WRITE, P.SUPPLIES_IMPORT, P.SUPPLIES_EXPORT, P.DRILLS_WRITE,
    }  # fmt: skip


class VillageSecretary(Role):
    key = "village_secretary"
    display_name = _("Village secretary")
    description = _("Receives what is handed down to the village, deploys it and answers. Named by the township.")
    permissions = frozenset(
        {
            P.AREAS_READ, P.COMMAND_READ, P.DIRECTIVES_READ, P.DIRECTIVES_WRITE, P.READINESS_READ, P.READINESS_WRITE,
            P.INSPECTION_SELF_CHECK,
        }
    )  # fmt: skip
    landing = "directives"


class GridWorker(Role):
    key = "grid_worker"
    display_name = _("Grid worker")
    description = _("Answers for the households of one grid cell. Named by the village.")
    permissions = frozenset(
        {
            P.AREAS_READ, P.PEOPLE_READ, P.PEOPLE_WRITE, P.COMMAND_READ, P.QUARANTINE_READ, P.QUARANTINE_WRITE,
            P.ARRIVALS_READ, P.ARRIVALS_WRITE, P.DOORS_WALK, P.COMMUNITY_READ, P.COMMUNITY_WRITE,
        }
    )  # fmt: skip
    landing = "field"


class CheckpointGuard(Role):
    key = "checkpoint_guard"
    display_name = _("Checkpoint guard")
    description = _("Stands a shift at a checkpoint or an entrance. Named by the post's leader.")
    permissions = frozenset(
        {
            P.AREAS_READ, P.SCREENING_READ, P.COMMAND_READ, P.CHECKPOINTS_READ, P.CHECKPOINTS_WRITE, P.RISK_AREAS_READ,
        }
    )  # fmt: skip
    landing = "my-tasks"


class Sampler(Role):
    key = "sampler"
    display_name = _("Sampler")
    description = _("Registers people and tubes at a sampling point. Named by the health bureau.")
    permissions = frozenset(
        {P.AREAS_READ, P.PEOPLE_READ, P.TESTING_READ, P.TESTING_WRITE, P.ROUNDS_RUN, P.COMMAND_READ}
    )
    landing = "my-tasks"


class Laboratory(Role):
    key = "laboratory"
    display_name = _("Laboratory")
    description = _("Enters results of registered tubes; sees no more of a person than the tube needs.")
    permissions = frozenset(
        {
            P.AREAS_READ, P.TESTING_READ, P.TESTING_WRITE, P.TESTING_IMPORT,
            P.GOODS_TESTS_READ, P.GOODS_TESTS_WRITE, P.GOODS_TESTS_IMPORT, P.GOODS_TESTS_REPORT,
            P.ENVIRONMENT_SAMPLES_READ, P.ENVIRONMENT_SAMPLES_WRITE, P.ENVIRONMENT_SAMPLES_IMPORT,
            P.ENVIRONMENT_SAMPLES_REPORT,
        }
    )  # fmt: skip
    second_factor = True


class IsolationManager(Role):
    key = "isolation_manager"
    display_name = _("Isolation-site manager")
    description = _("Head of an isolation site: rooms, daily checks, releases. Named by the command.")
    permissions = frozenset(
        {
            P.AREAS_READ, P.PEOPLE_READ, P.COMMAND_READ, P.QUARANTINE_READ, P.QUARANTINE_WRITE, P.QUARANTINE_IMPORT,
            P.INSPECTION_READ, P.INSPECTION_SELF_CHECK, P.TESTING_READ, P.QUARANTINE_EXPORT,
            P.SUPPLIES_READ, P.SUPPLIES_WRITE,
        }
    )  # fmt: skip


class Nurse(Role):
    key = "nurse"
    display_name = _("Nurse of an isolation site")
    description = _("Rounds morning and evening, requests, meals. Named by the head of the site.")
    permissions = frozenset(
        {P.AREAS_READ, P.PEOPLE_READ, P.COMMAND_READ, P.QUARANTINE_READ, P.QUARANTINE_WRITE, P.TESTING_READ}
    )
    landing = "my-tasks"


class Clinician(Role):
    key = "clinician"
    display_name = _("Clinician")
    description = _("Sees patients: fever visits, referrals, beds, infection control. Named by the facility.")
    permissions = frozenset(
        {
            P.AREAS_READ, P.PEOPLE_READ, P.PEOPLE_WRITE, P.COMMAND_READ, P.MEDICAL_READ, P.MEDICAL_WRITE,
            P.MEDICAL_IMPORT,
        }
    )  # fmt: skip
    landing = "medical"


class PharmacyClerk(Role):
    key = "pharmacy_clerk"
    display_name = _("Pharmacy clerk")
    description = _("Sells at the till of one pharmacy, registers buyers, calls back. Named by the pharmacy.")
    permissions = frozenset({P.AREAS_READ, P.PHARMACIES_READ, P.PHARMACIES_WRITE, P.PHARMACIES_IMPORT})
    landing = "pharmacies"
    one_house = True


class ColdChainKeeper(Role):
    key = "cold_chain_keeper"
    display_name = _("Cold-chain keeper")
    description = _("Accepts goods into a store, holds and releases them. Named by the store's company.")
    permissions = frozenset(
        {
            P.AREAS_READ,
            P.COMMAND_READ,
            P.GOODS_READ,
            P.GOODS_TESTS_READ,
            P.GOODS_WRITE,
            P.GOODS_TESTS_WRITE,
            P.GOODS_IMPORT,
            P.GOODS_TESTS_IMPORT,
            P.ENVIRONMENT_READ,
            P.ENVIRONMENT_SAMPLES_READ,
            P.ENVIRONMENT_WRITE,
            P.ENVIRONMENT_SAMPLES_WRITE,
        }
    )
    landing = "goods"


class Vaccinator(Role):
    key = "vaccinator"
    display_name = _("Vaccinator")
    description = _("Registers, vaccinates and observes at a vaccination site. Named by the health bureau.")
    permissions = frozenset(
        {P.AREAS_READ, P.COMMAND_READ, P.IMMUNIZATION_READ, P.IMMUNIZATION_WRITE, P.IMMUNIZATION_IMPORT}
    )
    landing = "immunization"


class StoreKeeper(Role):
    key = "store_keeper"
    display_name = _("Storekeeper")
    description = _("Keeps a store of supplies: takes in, issues, counts, sends what was agreed. Named by the command.")
    permissions = frozenset(
        {P.AREAS_READ, P.COMMAND_READ, P.SUPPLIES_READ, P.SUPPLIES_WRITE, P.SUPPLIES_IMPORT, P.SUPPLIES_EXPORT}
    )
    landing = "supplies"


class Inspector(Role):
    key = "inspector"
    display_name = _("Inspector")
    description = _("Checks on the spot that what was reported is so. Named by the supervision group.")
    permissions = frozenset(
        {
            P.AREAS_READ, P.COMMAND_READ, P.COMMAND_WRITE, P.SCREENING_READ, P.QUARANTINE_READ, P.INSPECTION_READ,
            P.INSPECTION_WRITE, P.INSPECTION_IMPORT, P.INSPECTION_EXPORT,
            P.FLAGGED_SCANS_READ, P.TRAINING_ASK, P.GOODS_READ, P.GOODS_TESTS_READ, P.PHARMACIES_READ,
            P.ENVIRONMENT_READ, P.ENVIRONMENT_SAMPLES_READ, P.COMMUNITY_READ,
            P.BULLETINS_READ, P.DIRECTIVES_READ, P.SUPPLIES_READ, P.READINESS_READ, P.DRILLS_READ, P.DRILLS_WRITE,
        }
    )  # fmt: skip


class Viewer(Role):
    key = "viewer"
    display_name = _("Leader (reads only)")
    description = _("Leads the area and sees its figures; changes nothing.")
    permissions = frozenset(
        {
            P.AREAS_READ, P.COMMAND_READ, P.SITUATION_READ, P.CASES_READ, P.QUARANTINE_READ, P.INSPECTION_READ,
            P.RISK_AREAS_READ, P.CHECKPOINTS_READ, P.LETTERS_READ, P.GOODS_READ, P.GOODS_TESTS_READ,
            P.ENVIRONMENT_READ, P.ENVIRONMENT_SAMPLES_READ, P.COMMUNITY_READ,
            P.PUBLICITY_READ, P.SURVEILLANCE_READ, P.BULLETINS_READ, P.DIRECTIVES_READ, P.WORKFORCE_READ,
            P.SUPPLIES_READ, P.READINESS_READ, P.DRILLS_READ,
        }
    )  # fmt: skip
    landing = "situation"


class SystemAdministrator(Role):
    key = "system_admin"
    display_name = _("System administrator")
    description = _("Keeps the installation running: areas, packs, jobs, backups. Sees no personal data.")
    permissions = frozenset({P.AREAS_READ, P.SYSTEM_MANAGE, P.JOBS_READ, P.POLICY_READ, P.ACCOUNTS_MANAGE})
    second_factor = True
    administration = "system"
    landing = "administration"


class SecurityAdministrator(Role):
    key = "security_admin"
    display_name = _("Security administrator")
    description = _("Grants and ends posts. May not hold another administration.")
    permissions = frozenset({P.AREAS_READ, P.ACCOUNTS_MANAGE, P.POLICY_READ})
    second_factor = True
    administration = "security"
    landing = "administration"


class AuditAdministrator(Role):
    key = "audit_admin"
    display_name = _("Audit administrator")
    description = _("Reads and verifies the audit. May not hold another administration.")
    permissions = frozenset({P.AREAS_READ, P.AUDIT_READ})
    second_factor = True
    administration = "audit"
    landing = "administration"


def choices() -> list[tuple[str, str]]:
    """Keys and names of all roles, for forms and checks."""
    return [(key, role.display_name) for key, role in ROLES.items()]
