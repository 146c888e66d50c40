"""Two entries made one, and made two again."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError

from fangxian.core import audit, records, scope
from fangxian.core.ids import uuid7
from fangxian.core.second_person import SamePerson
from fangxian.systems.cases.models import Case, Contact
from fangxian.systems.command.models import Task
from fangxian.systems.people import duplicates, merging, references, selectors, services
from fangxian.systems.people.models import DuplicatePair, Merge, Person
from fangxian.systems.screening.models import FlaggedScan
from tests.unit.people.conftest import id_number

BORN = date(1980, 5, 17)
NOON = datetime(2022, 3, 15, 4, tzinfo=UTC)


@pytest.fixture
def two(person):
    """The same person twice: one entry with a phone, the other with the number and an address."""
    return person("张小明", phone="13800001234"), person("张晓明", id_number=id_number(BORN), address="段西村3号")


def task(cell, person, title="call"):
    return records.create(Task, by=None, action="test", area=cell, title=title, person=person)


def scan(cell, person):
    return records.create(
        FlaggedScan, by=None, action="test", area=cell, reason="expired", scanned_at=NOON, person=person.pk, id=uuid7()
    )  # fmt: skip


def test_everything_that_pointed_to_one_points_to_the_other(two, cell, officer):
    winner, loser = two
    duty, bad = task(cell, loser), scan(cell, loser)

    made = merging.merge(winner=winner, loser=loser, reason="same person", by=officer())

    assert Task.objects.get(pk=duty.pk).person_id == winner.pk
    assert FlaggedScan.objects.get(pk=bad.pk).person == winner.pk
    assert Task.objects.get(pk=duty.pk).version == 2
    assert {label: len(ids) for label, ids in made.moved} == {
        "command.task.person_id": 1, "screening.flaggedscan.person": 1,
    }  # fmt: skip
    assert not Person.objects.filter(pk=loser.pk).exists()
    assert selectors.person(loser.pk).pk == winner.pk
    assert selectors.by_ids([loser.pk, winner.pk])[loser.pk].pk == winner.pk


def test_the_entry_that_stays_takes_over_what_it_did_not_know(two, officer):
    winner, loser = two
    number = loser.id_number.reveal()

    merging.merge(winner=winner, loser=loser, reason="same person", by=officer())

    winner = selectors.person(winner.pk)
    assert (winner.id_number.reveal(), winner.birth_date, winner.sex) == (number, BORN, "MALE")
    assert winner.phone.reveal() == "13800001234"
    assert selectors.find_by_id_number(number).pk == winner.pk
    assert number not in str(list(audit.AuditEntry.objects.values_list("detail", flat=True)))


def test_undoing_restores_exactly_and_leaves_what_came_later(two, cell, officer):
    winner, loser = two
    number, before, by = loser.id_number.reveal(), task(cell, loser), officer()
    own = task(cell, winner, "own")
    made = merging.merge(winner=winner, loser=loser, reason="same person", by=by)
    later = task(cell, selectors.person(winner.pk), "later")

    undone, done = merging.undo(merge=made, reason="twins after all", by=by)

    owners = dict(Task.objects.values_list("pk", "person_id"))
    assert owners == {before.pk: loser.pk, own.pk: winner.pk, later.pk: winner.pk}
    assert (done.rows, done.elsewhere, undone.state) == (1, 0, Merge.State.UNDONE)
    winner, loser = selectors.person(winner.pk), selectors.person(loser.pk)
    assert (winner.id_number.reveal(), winner.birth_date, winner.sex) == ("", None, "UNKNOWN")
    assert (loser.id_number.reveal(), loser.id_type, loser.birth_date) == (number, "RESIDENT", BORN)
    assert duplicates.open_pairs("410883").count() == 1
    with pytest.raises(ValidationError, match="not in force"):
        merging.undo(merge=undone, reason="again", by=by)


def test_undoing_leaves_alone_what_was_changed_or_given_to_somebody_else_since(two, cell, officer, person):
    winner, loser = two
    duty, third, by = task(cell, loser), person("王芳"), officer()
    made = merging.merge(winner=winner, loser=loser, reason="same person", by=by)
    services.change_person(person=selectors.person(winner.pk), by=by, address="段西村99号")
    records.change(Task.objects.get(pk=duty.pk), by=by, action="test", person=third)

    _undone, done = merging.undo(merge=made, reason="twins after all", by=by)

    assert (done.rows, done.elsewhere) == (0, 1)
    assert Task.objects.get(pk=duty.pk).person_id == third.pk
    assert selectors.person(winner.pk).address.reveal() == "段西村99号"


def test_a_row_the_other_has_already_stays_and_is_named(two, cell, officer):
    winner, loser = two
    case = records.create(Case, by=None, action="t", area=cell, person=winner, disease="covid19", number="C1")
    for someone in two:
        records.create(Contact, by=None, action="t", area=cell, case_area=cell, case=case, person=someone, ring="CLOSE")

    made = merging.merge(winner=winner, loser=loser, reason="same person", by=officer())

    assert [label for label, _ids in made.stayed] == ["cases.contact.person_id"]
    assert Contact.objects.filter(person=winner).count() == 1


def test_merges_chain_and_come_apart_in_order(two, person, officer):
    first, second = two
    third, by = person("张小明"), officer()
    one = merging.merge(winner=first, loser=second, reason="same person", by=by)
    merging.merge(winner=third, loser=selectors.person(first.pk), reason="same person", by=by)

    assert selectors.aliases([third.pk]) == {third.pk: {first.pk, second.pk}}
    assert selectors.standing_for([first.pk, second.pk, third.pk]) == {first.pk: third.pk, second.pk: third.pk}
    with pytest.raises(ValidationError, match="undo that merge first"):
        merging.undo(merge=one, reason="no", by=by)


def test_two_people_are_not_merged(person, officer):
    by = officer()
    one, other = person("张小明", id_number=id_number(BORN)), person("张小明", id_number=id_number(BORN))
    with pytest.raises(ValidationError, match="two people"):
        merging.merge(winner=one, loser=other, reason="same name", by=by)
    with pytest.raises(ValidationError, match="two views"):
        merging.merge(winner=one, loser=one, reason="same name", by=by)
    third = person("张小明")
    merging.merge(winner=one, loser=third, reason="same person", by=by)
    with pytest.raises(ValidationError, match="meanwhile"):
        merging.merge(winner=other, loser=third, reason="same person", by=by)


def test_who_is_restricted_is_merged_by_two(two, officer):
    winner, loser = two
    first, second = officer(), officer()
    asked = merging.merge(winner=winner, loser=loser, reason="same person", by=first, is_restricting=True)

    assert asked.state == Merge.State.PROPOSED
    assert Person.objects.filter(pk=loser.pk).exists()
    with pytest.raises(SamePerson):
        merging.agree(merge=asked, by=first)
    agreed = merging.agree(merge=asked, by=second)
    assert (agreed.state, agreed.decided_by) == (Merge.State.IN_FORCE, second)
    with pytest.raises(ValidationError, match="does not wait"):
        merging.refuse(merge=agreed, reason="too late", by=second)


def test_a_second_person_may_refuse(two, officer):
    winner, loser = two
    asked = merging.merge(winner=winner, loser=loser, reason="same person", by=officer(), is_restricting=True)

    refused = merging.refuse(merge=asked, reason="father and son", by=officer())

    assert refused.state == Merge.State.REFUSED
    assert Person.objects.filter(pk=loser.pk).exists()


def test_a_merge_is_seen_and_done_only_inside_the_scope(two, officer):
    winner, loser = two
    with scope.within("410882"), pytest.raises(ValidationError, match="meanwhile"):
        merging.merge(winner=winner, loser=loser, reason="same person", by=officer())


def test_a_household_is_taken_over_only_where_the_winner_lives(person, household, officer):
    winner, loser = person("张小明"), person("张晓明", household=(home := household("5")))
    merging.merge(winner=winner, loser=loser, reason="same person", by=officer())
    assert selectors.person(winner.pk).household == home


def test_every_column_that_names_a_person_is_known(everywhere):
    labels = {one.label for one in references.references()}
    assert {"cases.case.person_id", "cases.contact.person_id", "command.task.person_id", "screening.flaggedscan.person",
            "command.task.subject_id", "people.listrow.person_id"} <= labels  # fmt: skip
    assert not any(label.startswith(("people.merge", "people.duplicatepair", "people.person")) for label in labels)
    assert references.by_label("gone.table.person") is None


def test_what_points_to_a_person_is_counted(two, cell):
    task(cell, two[0])
    assert references.counted(two[0].pk) == {"Tasks": 1}


def test_the_pair_of_a_merge_is_marked(two, officer):
    merging.merge(winner=two[0], loser=two[1], reason="same person", by=officer())
    assert DuplicatePair.objects.get().state == DuplicatePair.State.MERGED


@pytest.mark.parametrize("asked", ["page", "phone"])
def test_no_list_of_people_reads_everybody_to_hide_merged_entries(everywhere, county, asked):
    """Without statistics SQLite takes any plain index for a precise one: “not merged” holds for nearly everybody."""
    rows = Person.objects.order_by("area_id", "pk")
    rows = rows.filter(phone_index__in=["a"]) if asked == "phone" else rows
    assert "merged_into" not in rows.values_list("pk").explain().split("(")[0]
