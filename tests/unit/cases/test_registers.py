"""What forms, sheets and the interface may enter in the ledgers of cases."""

import pytest
from django.core.exceptions import ValidationError

from fangxian.registers import imports, site
from fangxian.registers.sheets import Table
from fangxian.systems.cases import registers  # noqa: F401  (declares them)
from fangxian.systems.cases.models import Case, Contact

CODE = "410883001212"


def sheet(slug: str, headings: list[str], *rows):
    """Import a sheet and give its figures that are not nought, and the reasons of rejected rows."""
    ledger = imports.run(site.get(slug), Table(headings, [list(row) for row in rows]), by=None)
    figures = " ".join(f"{name}{n}" for name, n in ledger.counts().items() if n and name != "rows")
    return figures, [f"{r.row} {r.field}" for r in ledger.rejects]


def test_cases_get_number_and_classification(people):
    headings = ["area", "person", "disease", "onset_on"]
    rows = [(CODE, person.pk, "covid19", "2022-03-12") for person in people(2)]
    assert sheet("cases.case", headings, *rows) == ("inserted2", [])
    assert [case.number[-5:] for case in Case.objects.order_by("number")] == ["00001", "00002"]


def test_a_known_number_is_the_known_case(case):
    made = case(number="K1")
    headings = ["area", "number", "person", "disease", "onset_on"]
    row = (CODE, "K1", made.person.pk, "covid19", "2022-03-12")
    assert sheet("cases.case", headings, row) == ("updated1", [])
    assert str(Case.objects.get().onset_on) == "2022-03-12"


def test_contacts_are_seen_from_the_cases_area(case, people):
    made, person = case(number="K1"), people(1)[0]
    headings = ["area", "case", "person", "ring", "first_contact_at", "last_contact_at", "reason"]
    rows = [
        (CODE, "K1", person.pk, "CLOSE", "2022-03-10 08:00", "2022-03-11 08:00", "told us"),
        (CODE, "K1", made.person.pk, "CLOSE", "", "", "told us"),
        (CODE, "K1", people(1)[0].pk, "CLOSE", "2022-03-11 08:00", "2022-03-10 08:00", "told us"),
    ]
    assert sheet("cases.contact", headings, *rows) == ("inserted1 rejected2", ["3 person", "4 last_contact_at"])
    assert Contact.objects.get().case_area_id == made.area_id
    assert site.get("cases.contact").clean_row({"case": None}) == {"case": None}


def test_links(case):
    case(number="K1"), case(number="K2")
    headings = ["area", "infector", "infected", "kind", "certainty"]
    rows = [(CODE, "K1", "K2", "WORK", "3_HIGH"), (CODE, "K1", "K1", "WORK", "3_HIGH")]
    assert sheet("cases.transmissionlink", headings, *rows) == ("inserted1 rejected1", ["3 infected"])


@pytest.mark.parametrize(("slug", "kind"), [("cases.exposure", "WORK"), ("cases.timelineentry", "STAY")])
def test_stretches_end_after_they_begin(case, slug, kind):
    case(number="K1")
    headings = ["area", "case", "kind", "starts_at", "ends_at"]
    rows = [(CODE, "K1", kind, "2022-03-10 08:00", f"2022-03-{day} 08:00") for day in ("11", "09")]
    assert sheet(slug, headings, *rows)[0] == "inserted1 rejected1"


def test_exposures_can_be_changed(case):
    from fangxian.systems.cases import services

    made = services.add_exposure(by=None, case=case(), kind="WORK")
    assert site.get("cases.exposure").write(by=None, values={"note": "night shift"}, record=made).note == "night shift"


def test_events_and_the_help_of_a_register(village):
    assert sheet("cases.event", ["area", "name", "disease"], (CODE, "school", "covid19")) == ("inserted1", [])
    assert site.get("cases.response").read_only
    with pytest.raises(ValidationError):
        site.get("cases.event").write(by=None, values={"area": village, "name": "", "disease": "covid19"})
