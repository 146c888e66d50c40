"""The ledgers of testing: tubes, samples, results, tests due."""

from fangxian.core.records import Source
from fangxian.registers import Column, Register
from fangxian.systems.testing import entry
from fangxian.systems.testing.models import LabResult, Sample, TestDuty, Tube


class TubeRegister(Register):
    """Tubes with their barcodes: where they were used, where they are, which laboratory has them."""

    model = Tube
    columns = ("barcode", "size", "area", "point", "shipment", "laboratory", "shipped_at", "received_at")
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
