"""Bringing contacts in line: drawn as a table of what was stored, what is wanted, what follows."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from fangxian.core import audit
from fangxian.core.clock import now
from fangxian.core.ids import uuid7
from fangxian.systems.cases import selectors, services
from fangxian.systems.cases.follow_up import Visit
from fangxian.systems.cases.models import Contact
from fangxian.systems.cases.services import WantedContact

RULE = "contact.close.household"


def want(person, ring="CLOSE", **values) -> WantedContact:
    return WantedContact(person=person, ring=ring, **{"rule": RULE, "pack": "covid19-cn-v8@1", **values})


@pytest.fixture
def sync(case):
    """`sync([...])` makes these the wanted contacts of one case."""
    made = case()

    def run(wanted):
        return services.sync_contacts(by=None, case=made, wanted=wanted)

    run.case = made
    return run


# how the stored contact stands            wanted   difference   status
SYNC = [
    ("",                                   True,    "added",     "ACTIVE"),
    ("found",                              True,    "kept",      "ACTIVE"),
    ("found",                              False,   "dropped",   "DROPPED"),
    ("found, gone",                        True,    "changed",   "ACTIVE"),
    ("found, gone",                        False,   "",          "DROPPED"),
    ("by hand, agreed to",                 False,   "kept",      "ACTIVE"),
    ("by hand, agreed to",                 True,    "kept",      "ACTIVE"),
    ("by hand",                            False,   "kept",      "PROPOSED"),
    ("by hand",                            True,    "changed",   "ACTIVE"),
    ("found, dropped by two",              True,    "kept",      "DROPPED"),
    ("found, not a contact",               True,    "kept",      "DROPPED"),
    ("found, converted",                   True,    "kept",      "CONVERTED"),
    ("found, converted",                   False,   "",          "CONVERTED"),
]  # fmt: skip


@pytest.mark.parametrize(("stored", "wanted", "difference", "status"), SYNC)
def test_what_a_rule_may_change(sync, people, officer, stored, wanted, difference, status):
    person, one, two = people(1)[0], officer("investigator"), officer("duty_officer")
    if stored.startswith("found"):
        sync([want(person)])
    if stored.startswith("by hand"):
        entered = {"case": sync.case, "case_area": sync.case.area, "area": person.area, "person": person}
        services.propose_contact(by=one, ring="CLOSE", reason="told us", **entered)
    contact = Contact.objects.first()
    if "gone" in stored:
        sync([])
    if "dropped by two" in stored:
        services.drop_contact(by=one, contact=contact, reason="moved to another county")
    if "not a contact" in stored:
        services.not_a_contact(by=one, contact=contact, reason="was abroad")
    if "agreed" in stored or "dropped by two" in stored or "not a contact" in stored:
        services.confirm_contact(by=two, contact=contact)
    if "converted" in stored:
        services.convert_contact(by=None, contact=contact)
    result = sync([want(person)] if wanted else [])
    expected = {name: int(name == difference) for name in ("added", "kept", "changed", "dropped")}
    assert (result.counts, Contact.objects.get().status) == (expected, status)


def test_again_changes_nothing_and_writes_nothing(sync, people):
    wanted = [want(p, evidence=[{"kind": "visit", "at": now()}], first_contact_at=now()) for p in people(3)]
    assert sync(wanted).counts["added"] == 3
    acts = audit.AuditEntry.objects.count()
    assert sync(wanted).counts == {"added": 0, "kept": 3, "changed": 0, "dropped": 0}
    assert audit.AuditEntry.objects.count() == acts


def test_what_the_rule_says_anew_is_brought_up(sync, people):
    person = people(1)[0]
    sync([want(person, ring="GENERAL")])
    changed = sync([want(person, ring="CLOSE", follow_up_until=date(2022, 3, 29))]).changed
    stored = Contact.objects.get()
    assert changed == [stored]
    assert (stored.ring, stored.follow_up_until, stored.version) == ("CLOSE", date(2022, 3, 29), 2)


def test_a_secondary_contact_hangs_on_a_close_one(sync, people):
    near, far = people(2)
    sync([want(far, ring="SECONDARY", via=near.pk), want(near)])
    assert Contact.objects.get(person=far).via == Contact.objects.get(person=near)
    assert selectors.contact_counts(sync.case) == {"CLOSE": 1, "SECONDARY": 1}


def test_nobody_is_their_own_contact_and_the_first_row_counts(sync, people):
    person = people(1)[0]
    added = sync([want(sync.case.person), want(person, ring="CLOSE"), want(person, ring="GENERAL")]).added
    assert [contact.ring for contact in added] == ["CLOSE"]


def test_a_contact_without_follow_up(sync, people):
    sync([want(people(1)[0], ring="GENERAL", follow_up=False)])
    assert Contact.objects.get().follow_up == "NO_FOLLOW_UP"


def test_the_number_of_statements_does_not_grow(sync, people, django_assert_max_num_queries):
    wanted = [want(person) for person in people(200)]
    with django_assert_max_num_queries(20):
        sync(wanted)
    with django_assert_max_num_queries(20):
        sync([want(row.person, ring="GENERAL") for row in wanted[:100]])


def test_a_contact_who_falls_ill_is_converted(sync, people, case):
    person = people(1)[0]
    sync([want(person)])
    case(person=person)
    contact = Contact.objects.get()
    assert (contact.status, contact.follow_up) == ("CONVERTED", "CANCELED")
    assert selectors.contacts_of(sync.case, status="ACTIVE").count() == 0


def test_verbs_on_one_contact(sync, people, officer):
    contact = sync([want(people(1)[0], follow_up_until=date(2022, 3, 20))]).added[0]
    assert services.confirm_contact(by=officer("investigator"), contact=contact).classification == "CONFIRMED"
    assert services.lose_contact(by=None, contact=contact, reason="phone is off").follow_up == "LOST"
    found = services.find_contact(by=None, contact=Contact.objects.get())
    assert found.follow_up == "FOLLOW_UP"
    with pytest.raises(ValidationError, match="lost contact"):
        services.find_contact(by=None, contact=found)
    longer = services.extend_follow_up(by=None, contact=found, until=date(2022, 3, 25), reason="fever")
    assert longer.follow_up_until == date(2022, 3, 25)
    with pytest.raises(ValidationError, match="not shortened"):
        services.extend_follow_up(by=None, contact=longer, until=date(2022, 3, 21), reason="x")
    with pytest.raises(ValidationError, match="why"):
        services.drop_contact(by=None, contact=longer, reason=" ")


def test_a_lengthened_end_survives_the_rule(sync, people):
    person = people(1)[0]
    contact = sync([want(person, follow_up_until=date(2022, 3, 20))]).added[0]
    services.extend_follow_up(by=None, contact=contact, until=date(2022, 3, 25), reason="fever")
    sync([want(person, follow_up_until=date(2022, 3, 20))])
    assert Contact.objects.get().follow_up_until == date(2022, 3, 25)


def test_follow_up_is_worked_out_for_many_at_once(sync, people, frozen):
    seen, away, general = people(3)
    week_ago = frozen - timedelta(days=7)
    rows = [want(seen, last_contact_at=week_ago), want(away, last_contact_at=week_ago), want(general, ring="GENERAL")]
    sync(rows)
    days = {"CLOSE": 7, "GENERAL": None}
    visits = {seen.pk: {date(2022, 3, 15): Visit.COOPERATIVE}}
    answers = services.refresh_follow_up(by=None, contacts=Contact.objects.all(), days=days, visits=visits)
    states = {c.person_id: (c.follow_up, c.follow_up_until) for c in Contact.objects.all()}
    assert states == {
        seen.pk: ("COMPLETED", date(2022, 3, 15)),
        away.pk: ("FOLLOW_UP", date(2022, 3, 15)),
        general.pk: ("NO_FOLLOW_UP", None),
    }
    assert {a.completeness for a in answers.values()} == {1 / 7, 0.0, None}
    again = services.refresh_follow_up(by=None, contacts=Contact.objects.all(), days=days, visits=visits)
    assert again == answers
    assert list(selectors.open_contacts("410883")) == [Contact.objects.get(person=away)]


def test_a_contact_elsewhere_is_seen_from_both_sides(sync, people, county):
    from fangxian.core import scope
    from fangxian.core.areas import Area

    sync([want(people(1)[0], area=Area.objects.get(code="410882001201"))])
    for code in ("410883", "410882"):
        with scope.within(code):
            assert Contact.objects.count() == 1
    with scope.within("410883002"):
        assert Contact.objects.count() == 0


def test_indicators_keep_their_counts(sync, people, case, frozen):
    listed, _other, index = *people(2), sync.case
    sync([want(listed), want(_other)])
    ill = case(person=listed, result_id=uuid7(), positive_at=frozen + timedelta(minutes=5))
    case(result_id=uuid7(), positive_at=frozen)
    services.link(by=None, infector=index, infected=ill)
    found = {i.key: (i.numerator, i.denominator) for i in selectors.indicators("410883", disease="covid19", seen=[])}
    assert found == {
        "contacts_seen": (0, 1),
        "new_from_contacts": (1, 2),
        "new_with_source": (1, 2),
        "listed_in_time": (0, 0),
        "completed": (0, 2),
        "lost": (0, 2),
        "converted": (1, 2),
    }
    shares = {i.key: i.percent for i in selectors.indicators()}
    assert "contacts_seen" not in shares
    assert (shares["new_from_contacts"], shares["listed_in_time"]) == (50.0, None)
