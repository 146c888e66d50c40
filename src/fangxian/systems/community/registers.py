"""The ledgers of the community."""

from fangxian.core.records import Source
from fangxian.registers import Register
from fangxian.systems.community import services
from fangxian.systems.community.models import Gathering, PublicReport, Volunteer, VolunteerCall, VolunteerShift


class PublicReportRegister(Register):
    """What residents reported, how far each has come, and what they were answered."""

    model = PublicReport
    columns = (
        "kind", "state", "area", "way", "sent_at", "acknowledge_by", "answer_by", "taken_at", "taken_by", "route",
        "checks", "closed_at", "closed_by", "reason", "answer", "has_phone",
    )  # fmt: skip
    filters = ("state", "kind", "way", "sent_at")
    form = ()  # told, checked and concluded on its own pages
    key = ("area", "sent_at")
    ordering = ("area_id", "-sent_at", "pk")
    permission = "public_reports"
    icon = "speakerphone"
    exempt = {
        "code_index": "a fingerprint nobody can read", "place": "read one by one, on record",
        "words": "read one by one, on record", "phone": "read one by one, with a reason", "order": "on its own page",
        "seen": "on its own page", "twin": "on its own page", "finding_id": "on its own page",
        "pack": "stands with its history",
    }  # fmt: skip


class VolunteerRegister(Register):
    """Who helps: what they can do, when they have time, and whether their village has confirmed them."""

    model = Volunteer
    columns = (
        "name", "phone", "skill", "second_skill", "available", "until", "state", "area", "decided_at", "note", "reason",
    )  # fmt: skip
    filters = ("state", "skill", "available")
    search = ("name",)
    search_exact = ("phone",)
    form = ("area", "name", "phone", "skill", "second_skill", "available", "until", "note")
    key = ("area", "name")
    permission = "community"
    icon = "heart-handshake"
    exempt = {
        "code_index": "a fingerprint nobody can read", "person": "said when the village confirms them",
        "decided_by": "stands with its history",
    }  # fmt: skip

    def write(self, *, by, values, record=None, base_version=None, source=Source.WEB):
        """Whoever is entered waits for the village like whoever offered it themselves."""
        if record is None:
            return services.offer_help(by=by, source=source, **values)
        return services.change_volunteer(volunteer=record, by=by, base_version=base_version, **values)


class VolunteerCallRegister(Register):
    """Calls for volunteers: what, where, when, how many."""

    model = VolunteerCall
    columns = ("what", "skill", "place", "starts_at", "ends_at", "needed", "state", "area", "reason")
    filters = ("state", "skill", "starts_at")
    search = ("what",)
    form = ("area", "what", "skill", "place", "starts_at", "ends_at", "needed")
    key = ("area", "what", "starts_at")
    ordering = ("area_id", "-starts_at", "pk")
    permission = "community"
    icon = "bell-ringing"

    def write(self, *, by, values, record=None, base_version=None, source=Source.WEB):
        """A new call is made by its verb."""
        if record is None:
            return services.call(by=by, source=source, **values)
        return super().write(by=by, values=values, record=record, base_version=base_version, source=source)


class VolunteerShiftRegister(Register):
    """Which volunteer was asked for what, came, and is credited how many minutes."""

    model = VolunteerShift
    columns = ("call", "volunteer", "state", "answered_at", "minutes", "reason", "area", "home_area")
    filters = ("state",)
    form = ()  # offered and answered on the page of the call
    key = ("call", "volunteer")
    permission = "community"
    icon = "calendar-user"


class GatheringRegister(Register):
    """Gatherings: given notice of, who decides by the rules, what was decided, what was seen on the day."""

    model = Gathering
    columns = (
        "name", "kind", "place", "starts_at", "ends_at", "expected", "state", "level", "area", "responsible", "phone",
        "noticed_at", "is_late", "announced", "decision", "decided_at", "decide_by", "came", "checked_at", "rule",
        "reason", "conditions", "way", "cause", "coming_from", "measures",
    )  # fmt: skip
    filters = ("state", "kind", "level", "announced", "starts_at")
    search = ("name", "place")
    form = (
        "area", "name", "kind", "place", "starts_at", "ends_at", "expected", "coming_from", "measures", "responsible",
        "phone",
    )  # fmt: skip
    key = ("area", "name", "starts_at")
    ordering = ("area_id", "-starts_at", "pk")
    permission = "community"
    icon = "users-group"
    one_by_one = True  # each row is judged by the rules, and work follows from it
    exempt = {
        "code_index": "a fingerprint nobody can read", "granted_under": "on its own page",
        "decided_by": "on its own page", "not_kept": "on its own page", "seen": "on its own page",
        "checked_by": "on its own page", "pack": "stands with its history",
    }  # fmt: skip

    def write(self, *, by, values, record=None, base_version=None, source=Source.WEB):
        """Notice is judged at once; what is decided is not changed into something else."""
        if record is None:
            return services.notice(by=by, source=source, **values)
        return services.change_gathering(gathering=record, by=by, base_version=base_version, **values)
