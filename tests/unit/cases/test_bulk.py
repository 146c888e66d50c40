"""Whole lists at once: known again, brought up to date, never emptied."""

import pytest
from django.core.exceptions import ValidationError

from fangxian.core import audit, scope
from fangxian.core.areas import Area
from fangxian.systems.cases import services
from fangxian.systems.cases.models import Case, Contact, Exposure, TransmissionLink
from fangxian.systems.cases.services import CaseRow, ContactRow, ExposureRow, LinkRow


def figures(loaded) -> tuple[int, ...]:
    return tuple(len(getattr(loaded, name)) for name in ("inserted", "updated", "unchanged", "unknown"))


@pytest.fixture
def load(village):
    """`load("A", "B", age=3.0)` takes cases with these numbers in."""

    def run(*numbers, sex="MALE", event=None, **values):
        rows = [CaseRow(n, village, "mers", {"sex": sex}, values, event) for n in numbers]
        return figures(services.load_cases(rows, by=None))

    return run


def test_cases_are_known_by_their_number(load, village):
    assert load("A", "B", age=3.0) == (2, 0, 0, 0)
    assert load("A", "B", "C", age=3.0) == (1, 0, 2, 0)
    assert load("A", age=4.0) == (0, 1, 0, 0)
    assert load("A", age=None, sex="FEMALE") == (0, 1, 0, 0)
    event = services.open_event(by=None, area=village, name="hospital", disease="mers")
    assert load("A", sex="FEMALE", event=event) == (0, 1, 0, 0)
    case = Case.objects.get(number="A")
    assert (case.age, case.person.sex, case.person.name, case.event) == (4.0, "FEMALE", "A", event)


def test_a_list_that_names_the_classification_is_believed(load):
    assert load("A", classification="PROBABLE") == (1, 0, 0, 0)
    assert load("A", classification="SUSPECT") == (0, 1, 0, 0)
    assert Case.objects.get().classification == "SUSPECT"


def test_a_number_used_elsewhere_is_refused(load, county):
    load("A")
    far = Area.objects.get(code="410882001201")
    with scope.within("410882"), pytest.raises(ValidationError, match="taken elsewhere"):
        services.load_cases([CaseRow("A", far, "mers", {}, {})], by=None)


def test_links_exposures_and_contacts_are_known_again(load):
    load("A", "B")
    kinds = [
        (services.load_links, [LinkRow("A", "B"), LinkRow("A", "Z")], [LinkRow("A", "B", certainty="1_LOW")]),
        (services.load_exposures, [ExposureRow("A"), ExposureRow("Z")], [ExposureRow("A", note="ward 3")]),
        (
            services.load_contacts,
            [ContactRow("A", "x"), ContactRow("B", "x"), ContactRow("Z", "x")],
            [ContactRow("A", "x", "neighbour")],
        ),
    ]
    for verb, rows, changed in kinds:
        new = len(rows) - 1
        assert figures(verb(rows, by=None)) == (new, 0, 0, 1)
        acts = audit.AuditEntry.objects.count()
        assert figures(verb(rows, by=None)) == (0, 0, new, 1)
        assert audit.AuditEntry.objects.count() == acts
        assert figures(verb(changed, by=None)) == (0, 1, 0, 0)
    assert TransmissionLink.objects.get().certainty == "1_LOW"
    assert Exposure.objects.get().note == "ward 3"
    assert len({contact.person_id for contact in Contact.objects.all()}) == 1
