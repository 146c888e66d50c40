"""What forms, sheets and the interface may enter in the ledgers of testing."""

import pytest
from django.core.exceptions import ValidationError

from fangxian.core.clock import now
from fangxian.registers import imports, site
from fangxian.registers.sheets import Table
from fangxian.systems.testing import registers  # noqa: F401  (declares them)
from fangxian.systems.testing.models import LabResult, Sample

RESULT = ["area", "tube", "disease", "value", "laboratory", "tested_at"]


def sheet(slug: str, headings: list[str], *rows):
    """Import a sheet and give its figures that are not nought, and the reasons of rejected rows."""
    ledger = imports.run(site.get(slug), Table(headings, [list(row) for row in rows]), by=None)
    figures = " ".join(f"{name}{n}" for name, n in ledger.counts().items() if n and name != "rows")
    return figures, [f"{r.row} {r.field}" for r in ledger.rejects]


def test_tubes(village):
    rows = [(village.code, barcode, "10") for barcode in ("a1", "A1", "B1")]
    assert sheet("testing.tube", ["area", "barcode", "size"], *rows) == ("inserted2 duplicate1", [])


def test_a_tube_does_not_become_smaller_than_its_content(tube):
    made, register = tube("A1", size=5, samples=3), site.get("testing.tube")
    assert register.write(by=None, values={"size": 10}, record=made).size == 10
    with pytest.raises(ValidationError, match="already 3 samples"):
        register.write(by=None, values={"size": 1}, record=made)
    assert register.clean_row({"barcode": ""}) == {"barcode": ""}


def test_samples(tube, people):
    tube("A1", samples=0)
    headings = ["area", "tube", "person", "specimen", "sampled_at"]
    rows = [("410883001212", "A1", person.pk, "BLOOD", "2022-03-15 07:00") for person in people(2)]
    assert sheet("testing.sample", headings, *rows) == ("inserted1 rejected1", ["3 tube"])


def test_a_sample_may_be_described_better_but_does_not_wander(tube, people):
    tube("A1")
    sample, register = Sample.objects.get(), site.get("testing.sample")
    assert register.write(by=None, values={"reason": "OUTBREAK"}, record=sample).reason == "OUTBREAK"
    with pytest.raises(ValidationError, match="stays with"):
        register.write(by=None, values={"person": people(1)[0]}, record=sample)


def test_results(tube):
    tube("A1")
    tube("E1", samples=0)
    rows = [
        ("410883001212", "A1", "covid19", "Negative", "CDC", "2022-03-15 08:00"),
        ("410883001212", "E1", "covid19", "Negative", "CDC", "2022-03-15 08:00"),
        ("410883001212", "A1", "covid19", "Positive", "CDC", "2022-03-15 08:00"),
        ("410883001212", "A1", "covid19", "Positive", "CDC", ""),
    ]
    assert sheet("testing.labresult", RESULT, *rows) == ("inserted2 rejected2", ["3 tube", "5 tested_at"])
    assert set(LabResult.objects.values_list("state", flat=True)) == {"HELD"}


def test_a_stored_result_is_corrected_never_overwritten(tube, enter):
    tube("A1")
    stored, register = enter("A1", "POSITIVE"), site.get("testing.labresult")
    with pytest.raises(ValidationError, match="why"):
        register.write(by=None, values={"value": "NEGATIVE"}, record=stored)
    with pytest.raises(ValidationError, match="can be corrected"):
        register.write(by=None, values={"disease": "measles"}, record=stored)
    words = {"value": "NEGATIVE", "reason": "swapped plates", "disease": stored.disease}
    made = register.write(by=None, values=words, record=stored)
    assert (made.replaces, made.reported_at) == (stored, now())


def test_long_sheets_of_results_take_the_same_way(tube, monkeypatch):
    monkeypatch.setattr(imports, "ROW_BY_ROW", 1)
    tube("A1")
    row = ("410883001212", "A1", "covid19", "{}", "CDC", "2022-03-15 08:00")
    rows = [[cell.format(value) for cell in row] for value in ("NEGATIVE", "POSITIVE")]
    assert sheet("testing.labresult", RESULT, *rows)[0] == "inserted2"
    assert set(LabResult.objects.values_list("state", flat=True)) == {"HELD"}


def test_duties(people):
    headings = ["area", "person", "disease", "due_on", "day", "stage"]
    row = ("410883001212", people(1)[0].pk, "covid19", "2022-03-16", "1", "weekly")
    assert sheet("testing.testduty", headings, row) == ("inserted1", [])
    assert sheet("testing.testduty", headings, row) == ("unchanged1", [])
