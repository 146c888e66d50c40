"""A contact entered by hand, another ring, an early end: one officer proposes, a second agrees; drawn as tables."""

import pytest
from django.core.exceptions import ValidationError

from fangxian.core import audit
from fangxian.core.areas import Area
from fangxian.core.jobs import Job
from fangxian.core.permissions import Refused
from fangxian.core.second_person import SamePerson
from fangxian.registers import imports, site
from fangxian.registers.sheets import Table
from fangxian.systems.cases import services
from fangxian.systems.cases.models import Contact
from fangxian.systems.cases.services import WantedContact
from fangxian.systems.command.models import Task

REGISTER = "cases.contact"


@pytest.fixture
def officers(officer):
    """Three who may write contacts."""
    return {"A": officer("investigator"), "B": officer("duty_officer"), "C": officer("investigator")}


@pytest.fixture
def known(case, people, officers):
    """`known("by hand")` is a contact A entered; `known("found")` one that a rule found."""
    made = case()

    def enter(how: str, ring: str = "CLOSE") -> Contact:
        person = people(1)[0]
        if how == "found":
            return find(person, ring)
        return services.propose_contact(
            by=officers["A"], case=made, case_area=made.area, area=person.area, person=person, ring=ring,
            reason="named by a neighbour",
        )  # fmt: skip

    def find(person, ring: str = "CLOSE", *, wanted: bool = True) -> Contact:
        rows = [WantedContact(person=person, ring=ring, rule="close:visit", pack="covid19-cn-v8@1")] if wanted else []
        services.sync_contacts(by=officers["C"], case=made, wanted=rows)
        return Contact.objects.get(person=person)

    enter.find, enter.case = find, made
    return enter


def standing(contact: Contact) -> tuple[str, str, str, bool]:
    """Ring, what is proposed, status, in force."""
    now = Contact.objects.get(pk=contact.pk)
    return now.ring, now.proposed, now.status, now.in_force


ACTS = {
    "close": lambda by, c: services.change_contact(by=by, contact=c, ring="CLOSE", reason="ate together"),
    "general": lambda by, c: services.change_contact(by=by, contact=c, ring="GENERAL", reason="met outdoors"),
    "no": lambda by, c: services.not_a_contact(by=by, contact=c, reason="was abroad"),
    "drop": lambda by, c: services.drop_contact(by=by, contact=c, reason="has died"),
    "restore": lambda by, c: services.restore_contact(by=by, contact=c, reason="was not abroad"),
    "agree": lambda by, c: services.confirm_contact(by=by, contact=c),
    "refuse": lambda by, c: services.refuse_proposal(by=by, contact=c, reason="another man of that name"),
}

# contact        who does what                          ring        proposed       status      in force
ROWS = [
    ("by hand",  "",                                    "CLOSE",    "CLOSE",       "PROPOSED", False),
    ("by hand",  "A:agree!",                            "CLOSE",    "CLOSE",       "PROPOSED", False),
    ("by hand",  "B:agree",                             "CLOSE",    "",            "ACTIVE",   True),
    ("by hand",  "B:general",                           "GENERAL",  "GENERAL",     "PROPOSED", False),
    ("by hand",  "B:general A:agree!",                  "GENERAL",  "GENERAL",     "PROPOSED", False),
    ("by hand",  "B:general B:agree!",                  "GENERAL",  "GENERAL",     "PROPOSED", False),
    ("by hand",  "B:general C:agree",                   "GENERAL",  "",            "ACTIVE",   True),
    ("by hand",  "A:refuse",                            "CLOSE",    "",            "DROPPED",  False),
    ("by hand",  "B:no",                                "CLOSE",    "",            "DROPPED",  False),
    ("by hand",  "B:refuse B:refuse?",                  "CLOSE",    "",            "DROPPED",  False),
    ("by hand",  "B:refuse A:agree?",                   "CLOSE",    "",            "DROPPED",  False),
    ("by hand",  "B:agree A:general",                   "CLOSE",    "GENERAL",     "ACTIVE",   True),
    ("by hand",  "B:agree A:no",                        "CLOSE",    "NO_CONTACT",  "ACTIVE",   True),
    ("by hand",  "B:agree B:no A:agree",                "CLOSE",    "",            "DROPPED",  False),
    ("found",    "",                                    "CLOSE",    "",            "ACTIVE",   True),
    ("found",    "A:agree",                             "CLOSE",    "",            "ACTIVE",   True),
    ("found",    "A:general",                           "CLOSE",    "GENERAL",     "ACTIVE",   True),
    ("found",    "A:general A:agree!",                  "CLOSE",    "GENERAL",     "ACTIVE",   True),
    ("found",    "A:general B:agree",                   "GENERAL",  "",            "ACTIVE",   True),
    ("found",    "A:general C:agree",                   "GENERAL",  "",            "ACTIVE",   True),
    ("found",    "A:general B:refuse",                  "CLOSE",    "",            "ACTIVE",   True),
    ("found",    "A:no",                                "CLOSE",    "NO_CONTACT",  "ACTIVE",   True),
    ("found",    "A:no A:agree!",                       "CLOSE",    "NO_CONTACT",  "ACTIVE",   True),
    ("found",    "A:no B:agree",                        "CLOSE",    "",            "DROPPED",  False),
    ("found",    "A:no B:agree A:drop?",                "CLOSE",    "",            "DROPPED",  False),
    ("found",    "A:drop B:agree",                      "CLOSE",    "",            "DROPPED",  False),
    ("found",    "A:drop B:agree A:restore",            "CLOSE",    "CLOSE",       "DROPPED",  False),
    ("found",    "A:drop B:agree A:restore A:agree!",   "CLOSE",    "CLOSE",       "DROPPED",  False),
    ("found",    "A:drop B:agree A:restore B:agree",    "CLOSE",    "",            "ACTIVE",   True),
    ("found",    "A:restore?",                          "CLOSE",    "",            "ACTIVE",   True),
]  # fmt: skip


def do(steps: str, contact: Contact, officers: dict) -> None:
    """`A:no` A proposes an end; `!` the second person is missing; `?` there is nothing to do."""
    for step in steps.split():
        who, act = step.rstrip("!?").split(":")
        if step[-1] in "!?":
            with pytest.raises(SamePerson if step[-1] == "!" else ValidationError):
                ACTS[act](officers[who], contact)
        else:
            ACTS[act](officers[who], contact)


@pytest.mark.parametrize(("how", "steps", "ring", "proposed", "status", "in_force"), ROWS)
def test_one_proposes_and_a_second_agrees(known, officers, how, steps, ring, proposed, status, in_force):
    contact = known(how)
    do(steps, contact, officers)
    assert standing(contact) == (ring, proposed, status, in_force)


# contact      proposed before   the rule finds   ring        proposed    status      in force
RULE = [
    ("by hand",  "",               "CLOSE",         "CLOSE",    "",         "ACTIVE",   True),
    ("by hand",  "",               "GENERAL",       "GENERAL",  "CLOSE",    "ACTIVE",   True),
    ("by hand",  "",               "",              "CLOSE",    "CLOSE",    "PROPOSED", False),
    ("by hand",  "B:agree",        "GENERAL",       "CLOSE",    "",         "ACTIVE",   True),
    ("by hand",  "B:agree",        "",              "CLOSE",    "",         "ACTIVE",   True),
    ("by hand",  "B:refuse",       "CLOSE",         "CLOSE",    "",         "ACTIVE",   True),
    ("by hand",  "B:refuse",       "",              "CLOSE",    "",         "DROPPED",  False),
    ("found",    "A:general",      "GENERAL",       "GENERAL",  "",         "ACTIVE",   True),
    ("found",    "A:general",      "CLOSE",         "CLOSE",    "GENERAL",  "ACTIVE",   True),
    ("found",    "A:general",      "",              "GENERAL",  "GENERAL",  "PROPOSED", False),
    ("found",    "A:no",           "",              "CLOSE",    "",         "DROPPED",  False),
    ("found",    "A:no B:agree",   "CLOSE",         "CLOSE",    "",         "DROPPED",  False),
    ("found",    "A:drop B:agree", "CLOSE",         "CLOSE",    "",         "DROPPED",  False),
    ("found",    "A:general B:agree", "CLOSE",      "GENERAL",  "",         "ACTIVE",   True),
    ("found",    "A:general B:agree", "",           "GENERAL",  "",         "ACTIVE",   True),
]  # fmt: skip


@pytest.mark.parametrize(("how", "steps", "found", "ring", "proposed", "status", "in_force"), RULE)
def test_what_a_rule_finds_is_in_force_by_it(known, officers, how, steps, found, ring, proposed, status, in_force):
    contact = known(how)
    do(steps, contact, officers)
    known.find(contact.person, found, wanted=bool(found))
    assert standing(contact) == (ring, proposed, status, in_force)


def test_entering_and_changing_need_a_reason(known, officers):
    with pytest.raises(ValidationError, match="why"):
        services.change_contact(by=officers["A"], contact=known("found"), ring="GENERAL")
    with pytest.raises(ValidationError, match="why"):
        services.propose_contact(by=officers["A"], case=known.case, ring="CLOSE")
    with pytest.raises(ValidationError, match="why"):
        services.not_a_contact(by=officers["A"], contact=known("found"), reason=" ")


def test_the_reason_of_the_ring_in_force_stays_while_another_waits(known, officers):
    found = known("found")
    services.change_contact(by=officers["A"], contact=found, ring="GENERAL", reason="met outdoors")
    stored = Contact.objects.get(pk=found.pk)
    assert (stored.reason, stored.proposed_reason) == ("", "met outdoors")
    entered = known("by hand")
    changed = services.change_contact(by=officers["B"], contact=entered, reason=" two neighbours name them ")
    assert (changed.reason, changed.proposed_reason) == ("two neighbours name them",) * 2
    assert changed.proposed_by == officers["A"]
    with pytest.raises(ValidationError, match="why"):
        services.change_contact(by=officers["B"], contact=entered, reason="")


def test_agreeing_needs_a_named_officer_with_the_right(known, officer):
    contact = known("by hand")
    for by in (officer("grid_worker"), officer("viewer"), officer("investigator", area="410882"), None):
        for act in ("agree", "refuse"):
            with pytest.raises(Refused):
                ACTS[act](by, contact)


def test_a_refused_agreement_is_on_record(known, officers):
    contact = known("by hand")
    with pytest.raises(SamePerson, match="second person"):
        services.confirm_contact(by=officers["A"], contact=contact)
    entry = audit.history(contact).get(action="cases.contact.confirmed.refused")
    assert (entry.officer, entry.detail["reason"]) == (
        officers["A"], "You proposed this: a second person has to agree.",
    )  # fmt: skip


def test_what_was_agreed_names_both_and_the_reason(known, officers):
    contact = known("found")
    do("A:no B:agree", contact, officers)
    stored = Contact.objects.get(pk=contact.pk)
    assert (stored.decided_by, stored.reason) == (officers["B"], "was abroad")
    acts = list(audit.history(contact).order_by("seq").values_list("action", "officer"))
    assert acts == [("cases.contact.proposed", officers["A"].pk), ("cases.contact.confirmed", officers["B"].pk)]


def test_a_contact_stays_that_of_its_person_and_its_days_rest_on_evidence(known, people, officers, frozen):
    found, waiting = known("found"), known("by hand")
    for contact in (found, waiting):
        with pytest.raises(ValidationError, match="person and case"):
            services.change_contact(by=officers["A"], contact=contact, person=people(1)[0])
    with pytest.raises(ValidationError, match="evidence"):
        services.change_contact(by=officers["A"], contact=found, last_contact_at=frozen)
    changed = services.change_contact(by=officers["A"], contact=waiting, last_contact_at=frozen)
    assert changed.last_contact_at == frozen


def test_one_task_a_case_says_that_something_waits(known, officers):
    first, second = known("by hand"), known("by hand")
    task = Task.objects.get()
    assert (task.role, task.subject_id, task.area_id) == ("investigator", known.case.pk, known.case.area_id)
    services.refuse_proposal(by=officers["B"], contact=first, reason="another man of that name")
    assert Task.objects.get().status == "PENDING"
    services.confirm_contact(by=officers["C"], contact=second)
    assert Task.objects.get().status == "DONE"
    services.drop_contact(by=officers["A"], contact=second, reason="has died")
    assert Task.objects.filter(status="PENDING").count() == 1
    services.confirm_contact(by=officers["B"], contact=second)
    assert set(Task.objects.values_list("status", flat=True)) == {"DONE", "REMOVED"}


def test_a_decision_starts_the_response_and_a_proposal_does_not(known, officers):
    contact = known("by hand")
    assert not Job.objects.exists()
    services.confirm_contact(by=officers["B"], contact=contact)
    assert list(Job.objects.values_list("kind", "key")) == [("cases.respond", str(known.case.pk))]


def test_who_falls_ill_while_proposed_becomes_a_case(known, case):
    contact = known("by hand")
    case(person=contact.person)
    assert standing(contact) == ("CLOSE", "", "CONVERTED", False)


def test_a_sheet_proposes_however_long_it_is(case, people, officers, monkeypatch):
    made, residents = case(number="K1"), people(3)
    monkeypatch.setattr(imports, "ROW_BY_ROW", 1)
    rows = [["410883001212", "K1", str(person.pk), "CLOSE", "named by a neighbour"] for person in residents]
    rows[2][4] = ""
    table = Table(["area", "case", "person", "ring", "reason"], rows)
    ledger = imports.run(site.get(REGISTER), table, by=officers["A"])
    assert (ledger.inserted, [(r.row, r.field) for r in ledger.rejects]) == (2, [(4, "reason")])
    stored = Contact.objects.filter(case=made)
    assert {(row.status, row.proposed, row.proposed_by, row.follow_up) for row in stored} == {
        ("PROPOSED", "CLOSE", officers["A"], "NO_FOLLOW_UP")
    }
    assert Task.objects.count() == 1


def test_the_neighbour_sees_and_may_refuse_what_concerns_their_own(known, officers, officer):
    contact = known("by hand")
    Contact.objects.filter(pk=contact.pk).update(area=Area.objects.get(code="410882001201"))
    contact = Contact.objects.get(pk=contact.pk)
    services.refuse_proposal(by=officer("investigator", area="410882"), contact=contact, reason="lives elsewhere")
    assert standing(contact)[2] == "DROPPED"
