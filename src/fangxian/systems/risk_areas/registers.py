"""The ledgers of risk areas, their versions, re-evaluations and whom they concern."""

from fangxian.core.records import Source
from fangxian.registers import Register
from fangxian.systems.risk_areas import services
from fangxian.systems.risk_areas.models import AffectedPerson, Evaluation, RiskArea, RiskAreaVersion


class RiskAreaRegister(Register):
    """What is published about: streets, compounds, buildings, here or anywhere; the levels are its versions."""

    model = RiskArea
    columns = ("name", "disease", "area")
    filters = ("disease",)
    search = ("name",)
    form = ()
    key = ()
    permission = "risk_areas"
    icon = "map-pin-exclamation"


class RiskAreaVersionRegister(Register):
    """Publications of risk areas and zones: level, from when until when, what they cover, who said so, and why."""

    model = RiskAreaVersion
    columns = (
        "name", "level", "state", "from_at", "until_at", "codes", "lies_in", "building", "issuer", "document", "reason",
        "number", "published_at", "decided_by", "disease", "area",
    )  # fmt: skip
    filters = ("level", "state", "disease", "from_at")
    search = ("name",)
    form = (
        "area", "name", "disease", "level", "codes", "lies_in", "building", "from_at", "until_at", "issuer", "document",
        "reason",
    )  # fmt: skip
    key = ("area", "name", "disease", "level", "from_at")
    permission = "risk_areas"
    icon = "map-2"
    one_by_one = True  # each row is a proposal of its own
    exempt = {
        "risk_area": "known by its name",
        "shape": "drawn on the map of its page",
        "corrects": "stands in the history on the area's page",
        "rule": "stands with its checklist on the version's page",
        "pack": "stands with its checklist on the version's page",
        "checklist": "stands on the version's page",
        "decided_at": "stands on the version's page",
        "decision": "stands on the version's page",
    }

    def write(self, *, by, values, record=None, base_version=None, source=Source.WEB):
        """A row is a proposal, to be agreed to by a second officer; what is published is never changed."""
        if record is None:
            return services.propose(by=by, source=source, **values)
        return services.change_proposal(version=record, by=by, base_version=base_version, **values)


class EvaluationRegister(Register):
    """Runs over everybody a publication may concern: how many are newly affected, judged differently, released."""

    model = Evaluation
    columns = (
        "risk_area", "version_of_area", "trigger", "judged_at", "affected", "new", "changed", "kept", "released",
        "finished_at", "pack", "area",
    )  # fmt: skip
    filters = ("trigger", "judged_at")
    form = ()
    key = ()
    permission = "risk_areas"
    icon = "users-group"
    exempt = {
        "read": "stands on the run's page",
        "steps": "stand with their times on the run's page",
        "followed": "stands on the run's page",
    }


class AffectedPersonRegister(Register):
    """Whom a risk area concerns, on what evidence, from which run until which."""

    model = AffectedPerson
    columns = (
        "person", "risk_area", "level", "because", "first_on", "last_on", "rule", "began", "ended", "ended_why", "area",
    )  # fmt: skip
    filters = ("level", "because", "ended", "last_on")
    form = ()
    key = ()
    permission = "arrivals"
    icon = "user-exclamation"
    exempt = {
        "evidence": "stands on the run's page",
        "pack": "stands on the run's page",
        "since": "the run's page lists it",
        "until": "the run's page lists it",
        "subject_id": "leads to the closed loop",
    }
