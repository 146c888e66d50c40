"""The ledgers of readiness."""

from fangxian.core.records import Source
from fangxian.registers import Register
from fangxian.systems.readiness import services
from fangxian.systems.readiness.models import EpidemicFree, SchoolMember, SchoolOpening

ON_PAGE = "stands on its page"


class EpidemicFreeRegister(Register):
    """Which communities applied to be epidemic-free, which are, and why others are not any more."""

    model = EpidemicFree
    columns = ("area", "state", "valid_until", "broken", "checked_at", "decided_at", "decided_by", "ended_at",
               "ended_why", "again_from")  # fmt: skip
    filters = ("state", "valid_until", "ended_at")
    search = ()
    form = ()  # applied for and decided on the page of the community, with the evidence beside it
    key = ("area", "created_at")
    permission = "readiness"
    icon = "shield-check"
    exempt = dict.fromkeys(("note", "verdicts", "asked_by", "asked_why", "ended_by", "pack"), ON_PAGE)


class SchoolOpeningRegister(Register):
    """Every school and term: when it opens, who is its health commissioner, what stands in the way."""

    model = SchoolOpening
    columns = ("school", "term", "state", "blocking", "opens_on", "commissioner", "commissioner_phone", "checked_at",
               "opened_at", "closed_at", "closed_why", "area")  # fmt: skip
    filters = ("state", "opens_on")
    search = ("school", "term")
    form = ()  # prepared, proposed and opened on its page
    key = ("place_id", "term")
    permission = "readiness"
    icon = "school"
    exempt = dict.fromkeys(
        ("place_id", "stages", "verdicts", "proposed_by", "proposed_at", "opened_by", "pack"), ON_PAGE
    )


class SchoolMemberRegister(Register):
    """Pupils and staff of a school for a term, and what they declared about where they were."""

    model = SchoolMember
    columns = ("person", "opening", "role", "grade", "declared_on", "stayed_code", "returned_on", "area")
    filters = ("role", "declared_on", "returned_on")
    search = ("grade",)
    form = ("area", "opening", "person", "role", "grade", "declared_on", "stayed_code", "returned_on")
    key = ("opening", "person")
    permission = "readiness"
    icon = "list-check"
    exempt = {}

    def write(self, *, by, values, record=None, base_version=None, source=Source.WEB):
        """Through the verbs of the system."""
        if record is None:
            return services.enrol(by=by, source=source, **values)
        return services.change_member(member=record, by=by, base_version=base_version, **values)
