"""Who may agree, and that a refused agreement is undone but on record."""

import pytest
from django.core.exceptions import ValidationError

from fangxian.core import audit, records, second_person
from fangxian.core.second_person import SamePerson
from fangxian.systems.people.models import Household


@pytest.fixture
def home(county, everywhere):
    """A record to decide about."""
    return records.create(Household, by=None, action="test.made", area=county, number="1")


def test_only_a_named_officer_who_had_no_hand_in_it_may_agree(officer):
    one, two = officer("investigator"), officer("duty_officer")
    second_person.require_other(two, [one.pk, None])
    second_person.require_other(two, [])
    for by, first in ((one, [one.pk]), (two, [one.pk, two.pk]), (None, []), (None, [one.pk])):
        with pytest.raises(SamePerson):
            second_person.require_other(by, first)


def test_a_refused_decision_is_undone_and_on_record(home, officer):
    one = officer("investigator")
    with pytest.raises(SamePerson), second_person.deciding(home, by=one, action="test.agreed"):
        records.change(home, by=one, action="test.changed", number="2")
        second_person.require_other(one, [one.pk])
    entry = audit.history(home).latest("seq")
    assert (Household.objects.get().number, entry.action, entry.officer) == ("1", "test.agreed.refused", one)
    assert entry.detail["reason"]


def test_other_refusals_leave_nothing_and_a_decision_is_kept(home, officer):
    acts = audit.AuditEntry.objects.count()
    with pytest.raises(ValidationError), second_person.deciding(home, by=None, action="test.agreed"):
        raise ValidationError("no")
    assert audit.AuditEntry.objects.count() == acts
    with second_person.deciding(home, by=None, action="test.agreed"):
        records.change(home, by=None, action="test.changed", number="2")
    assert Household.objects.get().number == "2"
