"""The ledgers of testing: tubes, samples, results, tests due, must-test lists, rounds, points, batches, accidents."""

from fangxian.core.records import Source
from fangxian.registers import Column, Register
from fangxian.systems.testing import entry
from fangxian.systems.testing.models import (
    GroupMember,
    LabAccident,
    LabResult,
    Sample,
    SamplingPoint,
    SamplingTeam,
    TestDuty,
    TestRound,
    Tube,
    TubeBatch,
)


class TubeRegister(Register):
    """Tubes with their barcodes: where they were used, where they are, which laboratory has them."""

    model = Tube
    columns = (
        "barcode", "size", "area", "point", "round", "sampling_point", "team", "shipment", "batch", "laboratory",
        "shipped_at", "received_at",
    )  # fmt: skip
    filters = ("shipment", "size", "laboratory")
    search = ("barcode",)
    form = ("area", "barcode", "size", "point", "laboratory")
    key = ("barcode",)
    permission = "testing"
    icon = "test-pipe"

    def clean_row(self, values: dict) -> dict:
        """One spelling of the barcode."""
        return entry.clean_tube(values)

    def write(self, *, by, values, record=None, base_version=None, source=Source.WEB):
        """Through the verbs of the system."""
        return entry.write_tube(by=by, values=values, record=record, base_version=base_version, source=source)


class SampleRegister(Register):
    """What each person, piece of goods or surface gave into which tube, and when."""

    model = Sample
    columns = ("tube", "subject", "person", "described", "specimen", "reason", "sampled_at", "area")
    filters = ("subject", "reason", "specimen", "sampled_at")
    form = ("area", "tube", "subject", "person", "described", "specimen", "reason", "sampled_at")
    key = ("tube", "person", "described")
    permission = "testing"
    icon = "droplet"
    one_by_one = True

    def write(self, *, by, values, record=None, base_version=None, source=Source.WEB):
        """Through the verbs of the system: a full or finished tube takes nothing."""
        return entry.write_sample(by=by, values=values, record=record, base_version=base_version, source=source)


class LabResultRegister(Register):
    """What laboratories found in which tube; contradictions are held until two persons have decided."""

    model = LabResult
    columns = (
        "tube", "disease", "value", "state", "tested_at", "reported_at", "laboratory", "area", "reason",
        Column("replaces", sort="", needs=("tube",)),
    )  # fmt: skip
    filters = ("value", "state", "disease", "reported_at")
    form = ("area", "tube", "disease", "value", "laboratory", "tested_at", "reason")
    key = ("tube", "disease", "value", "tested_at")
    permission = "testing"
    icon = "report-medical"
    one_by_one = True
    exempt = {
        "first_opinion": "shown with the decision on the result's page",
        "first_by": "shown with the decision on the result's page",
        "second_by": "shown with the decision on the result's page",
    }

    def clean_row(self, values: dict) -> dict:
        """A result needs a registered sample and a possible time; it belongs to the area of its tube."""
        return entry.clean_result(values)

    def write(self, *, by, values, record=None, base_version=None, source=Source.WEB):
        """Entering, or correcting with a reason: a stored result is never overwritten."""
        return entry.write_result(by=by, values=values, record=record, source=source)


class TestDutyRegister(Register):
    """Who must be tested on which day, by which rule, and whether it was done."""

    __test__ = False  # the name is the field's, not a test class
    model = TestDuty
    columns = ("due_on", "person", "disease", "day", "stage", "state", "area", "rule")
    filters = ("state", "due_on", "disease", "stage")
    form = ("area", "person", "disease", "due_on", "day", "stage")
    key = ("person", "disease", "due_on")
    permission = "testing"
    icon = "calendar-check"
    exempt = {
        "subject_id": "the contact or result; its page links here",
        "pack": "stands with the rule on the person's page",
    }


class GroupMemberRegister(Register):
    """The standing lists of people who must be tested (应检尽检), by the groups of the pack, each with the reason."""

    model = GroupMember
    columns = ("person", "group", "reason", "from_on", "until_on", "area")
    filters = ("group", "until_on")
    form = ("area", "person", "group", "reason", "from_on", "until_on")
    key = ("person", "group")
    permission = "testing"
    icon = "users-group"
    exempt = {"bucket": "follows from the person; spreads a group over the days"}

    def clean_row(self, values: dict) -> dict:
        """A group the packs know; the day of the person's turn follows from the person."""
        return entry.clean_group_member(values)


class TestRoundRegister(Register):
    """Rounds of tests: where, when, which tube; the board of a round shows how far it is."""

    __test__ = False  # the name is the field's, not a test class
    model = TestRound
    columns = (
        "number", "name", "kind", "area", "disease", "begins_at", "ends_at", "state", "tube_size", "checked_barcodes",
        "opened_at", "closed_at",
    )  # fmt: skip
    filters = ("state", "kind", "disease", "begins_at")
    search = ("name",)
    form = ("area", "name", "kind", "disease", "begins_at", "ends_at", "tube_size", "checked_barcodes")
    key = ("area", "disease", "begins_at", "kind")
    permission = "testing"
    icon = "rotate-clockwise"
    exempt = {"closing": "shown on the board of the round", "pack": "shown on the board of the round"}

    def write(self, *, by, values, record=None, base_version=None, source=Source.WEB):
        """Planning a round, or changing one that has not been opened."""
        return entry.write_round(by=by, values=values, record=record, base_version=base_version, source=source)


class SamplingPointRegister(Register):
    """Where samples are taken: fixed points, points of a round, mobile teams, hospitals."""

    model = SamplingPoint
    columns = ("name", "code", "kind", "area", "location", "lanes", "closed_on")
    filters = ("kind",)
    search = ("name", "code")
    form = ("area", "name", "code", "kind", "location", "lanes", "latitude", "longitude", "closed_on")
    key = ("code",)
    permission = "testing"
    icon = "map-pin"


class SamplingTeamRegister(Register):
    """Who works at a sampling point."""

    model = SamplingTeam
    columns = ("name", "sampling_point", "leader", "samplers", "registrars", "area")
    search = ("name",)
    form = ("area", "name", "sampling_point", "leader", "samplers", "registrars")
    key = ("sampling_point", "name")
    permission = "testing"
    icon = "users"


class TubeBatchRegister(Register):
    """Boxes of tubes: packed at the point, handed to the carrier, counted in at the laboratory."""

    model = TubeBatch
    columns = (
        "number", "round", "sampling_point", "laboratory", "carrier", "state", "tubes", "received", "packed_at",
        "sent_at", "received_at", "area",
    )  # fmt: skip
    filters = ("state", "laboratory", "packed_at")
    search = ("number",)
    form = ()
    key = ("number",)
    permission = "testing"
    icon = "package"


class LabAccidentRegister(Register):
    """Whatever went wrong between a swab and its result: refused, held or flagged, with row, field and reason."""

    model = LabAccident
    columns = (
        "seen_at", "kind", "outcome", "state", "barcode", "row", "field", "round", "tube", "batch", "person", "times",
        "area", "note",
    )  # fmt: skip
    filters = ("state", "kind", "outcome", "seen_at")
    search = ("barcode",)
    form = ()
    key = ("key",)
    permission = "testing"
    icon = "alert-octagon"
    exempt = {
        "key": "the same accident sent again is one row",
        "said": "shown on the accident's page",
        "result": "shown on the accident's page",
        "closed_at": "shown on the accident's page",
        "closed_by": "shown on the accident's page",
    }
