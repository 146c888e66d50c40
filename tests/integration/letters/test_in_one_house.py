"""A letter between two commands of one installation: asked, sent, handed down, answered; and every correction."""

import pytest
from django.core.exceptions import ValidationError

from fangxian.core import audit, clock
from fangxian.core.areas import Area
from fangxian.core.identity.gb11643 import check_character
from fangxian.systems.command import services as command
from fangxian.systems.command.models import Task
from fangxian.systems.letters import selectors, services
from fangxian.systems.letters.models import HandOver, Letter, LetterItem
from fangxian.workflows import letter_of_assistance
from tests.integration.letters.conftest import NUMBERS, VILLAGE, ask, change

OTHER = "11010119900307001" + check_character("11010119900307001")


def sent(two, **values) -> tuple[Letter, Letter]:
    """Ours and theirs."""
    letter = letter_of_assistance.send(by=two.investigator, letter=ask(two, **values).letters[0])
    return letter, Letter.objects.get(direction="IN", twin=letter.pk)


def handed_down(two) -> tuple[Letter, Letter]:
    ours, theirs = sent(two)
    services.hand_on(letter=theirs, by=two.there)
    return fresh(ours), fresh(theirs)


def fresh(letter: Letter) -> Letter:
    return selectors.letter(letter.pk)


def steps(letter: Letter) -> list[str]:
    return [step.kind for step in selectors.hand_overs(letter)]


def test_a_list_becomes_one_draft_a_receiver(two):
    asked = ask(two)

    (letter,) = asked.letters
    assert (letter.other_code, letter.other_name, letter.channel) == ("410882", "沁阳市", "LOCAL")
    assert (letter.state, letter.number, letter.about) == ("DRAFT", "", two.case.number)
    assert [(item.position, item.name, item.basis) for item in selectors.items_of(letter)] == [
        (1, "戊", "RESIDENCE"), (2, "己", "RESIDENCE"), (3, "庚", "RESIDENCE"),
    ]  # fmt: skip
    assert letter.actions == ["FIND", "MONITOR", "REPLY"]  # no ring is given: the gentlest


def test_asking_again_adds_nobody_twice(two):
    ask(two)
    again = ask(two)
    assert (again.new, again.kept, Letter.objects.count(), LetterItem.objects.count()) == (0, 3, 1, 3)


def test_who_lives_with_us_is_not_asked_for_elsewhere(two):
    asked = ask(two, guests=[two.case.person])
    assert (asked.letters, [one.name for one in asked.ours]) == ([], ["甲"])


def test_a_sent_letter_has_a_number_deadlines_and_lies_on_the_other_desk(two):
    ours, theirs = sent(two)

    assert (ours.number, theirs.number, theirs.their_number) == (
        "410883-CO-2022-0001", "410882-CI-2022-0001", "410883-CO-2022-0001",
    )  # fmt: skip
    assert (ours.state, ours.due_at - ours.sent_at, theirs.due_at) == (
        "SENT",
        theirs.due_at - ours.sent_at,
        ours.due_at,
    )
    task = Task.objects.get(subject_id=theirs.pk)
    assert (task.area_id, task.role, task.due_at) == ("410882", "duty_officer", ours.acknowledge_by)
    assert "沁阳" not in task.title_text and "孟州市" in task.title_text and "3 people" in task.title_text
    assert [item.match for item in selectors.items_of(theirs)] == ["SAME"] * 3
    assert audit.verify().sound


def test_a_letter_cannot_be_sent_twice_or_empty(two):
    ours, _theirs = sent(two)
    with pytest.raises(ValidationError, match="does not allow"):
        services.send(letter=ours, by=two.investigator)
    receiver = services.Receiver("410882", "沁阳市")
    empty = services.draft(
        by=two.investigator, area=ours.area, receiver=receiver, disease="covid19", reason="x", items=[]
    )
    with pytest.raises(ValidationError, match="nobody"):
        services.send(letter=empty, by=two.investigator)


def test_handing_on_acknowledges_and_gives_each_person_to_the_village(two):
    ours, theirs = handed_down(two)

    assert (theirs.state, ours.state) == ("IN_PROGRESS", "IN_PROGRESS")
    assert ours.their_number == theirs.number
    tasks = Task.objects.filter(officer=two.worker)
    assert {task.person.name for task in tasks} == {"戊", "己", "庚"}
    assert all(task.due_at == theirs.due_at for task in tasks)
    assert steps(ours) == ["DRAFTED", "SENT", "ACKNOWLEDGED", "HANDED_ON"]
    assert steps(theirs) == ["RECEIVED", "ACKNOWLEDGED", "HANDED_ON"]
    assert services.hand_on(letter=theirs, by=two.there) == 0  # nobody twice


def test_what_the_worker_enters_is_the_answer(two):
    ours, theirs = handed_down(two)
    first, second, third = Task.objects.filter(officer=two.worker).order_by("pk")
    command.finish(task=first, by=two.worker, outcome="在家")
    command.cannot(task=second, by=two.worker, reason="已搬走")

    services.answer(letter=fresh(theirs), by=two.there)
    assert (fresh(ours).state, fresh(theirs).state) == ("PARTLY", "PARTLY")
    told = {item.name: (item.result, item.result_note) for item in selectors.items_of(ours)}
    assert told == {"戊": ("FOUND", "在家"), "己": ("NOT_FOUND", "已搬走"), "庚": ("", "")}

    command.finish(task=third, by=two.worker)
    rows = {
        item.pk: {"monitored_since": clock.today()} for item in selectors.items_of(theirs) if item.result == "FOUND"
    }
    services.set_results(letter=fresh(theirs), by=two.there, results=rows)
    services.answer(letter=fresh(theirs), by=two.there)
    assert (fresh(ours).state, fresh(theirs).state) == ("ANSWERED", "ANSWERED")
    assert selectors.progress_of([fresh(ours)])[ours.pk].waiting == 0
    closed = services.close(letter=fresh(ours), by=two.investigator)
    assert closed.state == "CLOSED"


def test_a_task_sent_back_takes_its_result_back(two):
    _ours, theirs = handed_down(two)
    task = Task.objects.filter(officer=two.worker).first()
    command.finish(task=task, by=two.worker)
    command.send_back(task=Task.objects.get(pk=task.pk), by=None, reason="号码不对")
    assert {item.result for item in selectors.items_of(theirs)} == {""}


def test_an_answer_taken_twice_or_too_late_changes_nothing(two):
    ours, theirs = handed_down(two)
    command.finish(task=Task.objects.filter(officer=two.worker).first(), by=two.worker)
    services.answer(letter=fresh(theirs), by=two.there)
    from fangxian.systems.letters import content

    said = content.answer(fresh(theirs), selectors.items_of(theirs))
    before = fresh(ours).version
    assert services.take_answer(said) == []
    assert fresh(ours).version == before


def test_somebody_dropped_is_recalled_there_and_the_task_is_taken_back(two):
    ours, theirs = handed_down(two)
    one = selectors.items_of(ours).first()
    services.recall_items(letter=ours, items=[one], by=two.investigator, reason="复核排除")

    assert [(item.name, item.is_recalled) for item in selectors.items_of(theirs)][0] == ("戊", True)
    assert Task.objects.get(person=two.guests[0], officer=two.worker).status == "REMOVED"
    assert (fresh(ours).revision, fresh(theirs).revision) == (2, 2)
    assert HandOver.objects.filter(letter=theirs, kind="CORRECTED").exists()


def test_recalling_everybody_recalls_the_letter(two):
    ours, theirs = handed_down(two)
    services.recall_items(letter=ours, items=selectors.items_of(ours), by=two.investigator, reason="复核排除")
    assert (fresh(ours).state, fresh(theirs).state) == ("RECALLED", "RECALLED")
    assert set(Task.objects.filter(officer=two.worker).values_list("status", flat=True)) == {"REMOVED"}


def test_a_correction_reaches_the_other_side(two):
    ours, theirs = handed_down(two)
    one = selectors.item(selectors.items_of(ours).first().pk)
    services.correct_item(item=one, by=two.investigator, phone="13900001111")
    assert selectors.items_of(theirs).first().phone.reveal() == "13900001111"


def test_contacts_that_move_are_asked_for_at_the_new_place(two):
    contact = _contact(two, two.guests[0])
    first = letter_of_assistance.follow_contacts(
        by=None, case=two.case, county=Area.objects.get(code="410883"), contacts=[contact], because="密接"
    )
    assert [letter.state for letter in first.letters] == ["SENT"]

    contact = change(contact, area=Area.objects.get(code=VILLAGE))
    again = letter_of_assistance.follow_contacts(
        by=None, case=two.case, county=Area.objects.get(code="410883"), contacts=[contact], because="密接"
    )
    assert (again.recalled, again.new) == (1, 0)
    assert set(Letter.objects.values_list("state", flat=True)) == {"RECALLED"}


def test_reminders_reach_the_other_desk_and_the_clock_goes_up(two):
    ours, theirs = sent(two)
    services.remind(letter=ours, by=two.investigator)
    assert (fresh(theirs).reminders, steps(theirs)) == (1, ["RECEIVED", "REMINDED"])
    with pytest.raises(ValidationError, match="reminded at"):
        services.remind(letter=fresh(ours), by=two.investigator)

    with clock.frozen(ours.due_at.replace(day=ours.due_at.day + 1)):
        assert fresh(ours).is_late
        assert services.round_of(clock.now()) == {"reminded": 0, "escalated": 1}
        assert services.round_of(clock.now()) == {"reminded": 0, "escalated": 0}
    above = Task.objects.get(key=f"letter:{ours.pk}:above")
    assert (above.area_id, above.role) == ("4108", "duty_officer")


def test_people_passed_on_are_answered_and_asked_for_there(two):
    _ours, theirs = handed_down(two)
    rows = list(selectors.items_of(theirs)[:1])
    onward = services.pass_on(
        letter=theirs, items=rows, by=two.there, receiver=services.Receiver("340123", "安徽省合肥市肥西县")
    )
    assert (onward.channel, onward.origin, onward.items.get().name) == ("DOCUMENT", theirs.pk, "戊")
    assert selectors.items_of(theirs).first().moved_to == "安徽省合肥市肥西县"


def test_doubtful_people_wait_for_an_officer(two):
    stranger = letter_of_assistance.Stated(name="寅", id_number=NUMBERS[0], home="410882")
    ours = ask(two, guests=[stranger]).letters[0]
    letter_of_assistance.send(by=two.investigator, letter=ours)
    theirs = Letter.objects.get(direction="IN")
    row = selectors.items_of(theirs).get()
    assert (row.match, row.person) == ("DOUBTFUL", two.guests[0])
    assert services.hand_on(letter=theirs, by=two.there) == 0
    services.decide_match(item=row, by=two.there, same=True)
    assert services.hand_on(letter=fresh(theirs), by=two.there) == 1


def test_new_people_are_entered_once(two):
    new = [
        letter_of_assistance.Stated(name="辛", id_number=OTHER, phone="13811112222", home="410882",
                                    address="沁阳市覃怀街道西关村3号"),
        letter_of_assistance.Stated(name="壬", home="410882"),
    ]  # fmt: skip
    letter_of_assistance.send(by=two.investigator, letter=ask(two, guests=new).letters[0])
    theirs = Letter.objects.get(direction="IN")
    assert services.hand_on(letter=theirs, by=two.there) == 2
    first, second = selectors.items_of(theirs)
    assert (first.person.area_id, first.person.name) == ("410882001201", "辛")  # the village its address names
    assert second.person.area_id == "410882"


def _contact(two, person):
    from fangxian.systems.cases.models import Contact
    from fangxian.systems.cases.services import WantedContact, sync_contacts

    sync_contacts(by=None, case=two.case, wanted=[WantedContact(person=person, ring="CLOSE", rule="test")])
    return Contact.objects.select_related("person__area", "person__household").get(person=person)
