"""One record: its tabs, its form, two people changing it at once, unmasking."""

import pytest
from django.urls import reverse

from fangxian.core.audit import AuditEntry
from fangxian.core.permissions import Permission
from fangxian.systems.cases.models import Case
from fangxian.systems.people.models import Person

pytestmark = pytest.mark.django_db
NUMBER = "410883199001011230"


def at(name: str, record, **kwargs) -> str:
    return reverse(name, args=["people.person", record.pk], **kwargs)


def entered(person, **changes) -> dict:
    return {"area": person.area_id, "name": person.name, "id_type": person.id_type, "sex": person.sex, **changes}


@pytest.fixture
def zhang(person):
    return person("张三", id_number=NUMBER, phone="13800138000", occupation="教师")


def test_the_record_shows_its_facts_with_personal_values_masked(investigator, zhang):
    shown = investigator.get(at("register_record", zhang)).content.decode()
    assert "张三" in shown and "教师" in shown and "138****8000" in shown
    assert NUMBER not in shown and "13800138000" not in shown


@pytest.mark.parametrize("page", ["register_record", "register_change", "register_unmask"])
def test_a_row_of_another_area_is_not_found(officer, sign_in, zhang, page):
    stranger = sign_in(officer("investigator", "410882"))
    assert stranger.get(at(page, zhang)).status_code == 404
    assert stranger.post(at(page, zhang), {"reason": "curious"}).status_code == (
        405 if page == "register_record" else 404
    )


@pytest.mark.parametrize("tab", ["facts", "tasks", "related", "history", "nonsense"])
def test_every_tab_opens(investigator, zhang, tab):
    assert investigator.get(at("register_record", zhang), {"tab": tab}).status_code == 200


def test_what_hangs_on_a_record_is_shown(investigator, zhang):
    investigator.post(
        reverse("register_add", args=["command.task"]),
        {"area": "410883", "kind": "GENERAL", "title": "上门核实", "priority": "NORMAL", "person": str(zhang.pk)},
    )
    shown = investigator.get(at("register_record", zhang), {"tab": "related"}).content.decode()
    assert "上门核实" in shown


def test_a_record_is_entered_and_its_history_kept(investigator, zhang):
    address = reverse("register_add", args=["people.person"])
    form = investigator.get(address)
    assert form.context["form"]["area"].value() == "410883"
    answer = investigator.post(
        address, {"area": "", "area__text": "段西村 · 大定街道", "name": "李四", "id_type": "NONE", "sex": "MALE"}
    )
    assert answer.status_code == 302, answer.context["form"].errors
    made = Person.unscoped.get(name="李四")
    assert made.area_id == "410883001212" and made.created_by == investigator.officer
    shown = investigator.get(at("register_record", made), {"tab": "history"}).content.decode()
    assert "李四" in shown and "Male" in shown


def test_what_is_wrong_is_said_at_its_field(investigator, county):
    answer = investigator.post(
        reverse("register_add", args=["people.person"]),
        {"area": "410882001201", "name": "", "id_type": "RESIDENT", "id_number": "410883199001011231", "sex": "MALE"},
    )
    assert answer.status_code == 422
    assert {"area", "name"} <= set(answer.context["form"].errors)


def test_a_secret_is_never_filled_in_and_kept_when_left_empty(investigator, zhang):
    address = at("register_change", zhang)
    assert NUMBER not in investigator.get(address).content.decode()
    answer = investigator.post(address, entered(zhang, occupation="医生", base_version="1"))
    assert answer.status_code == 302, answer.context["form"].errors
    zhang = Person.unscoped.get(pk=zhang.pk)
    assert (zhang.occupation, zhang.id_number.reveal(), zhang.phone.reveal()) == ("医生", NUMBER, "13800138000")


def form_of(client, address: str) -> dict:
    """What a browser would send if nothing were changed."""
    context = client.get(address).context
    form = context["form"]
    shown = {name.removeprefix("shown__"): value for name, value in context["shown"]}
    return {name: shown[name] for name in form.fields} | dict(context["shown"]) | {"base_version": "1"}


def test_two_people_change_different_fields_and_both_stay(investigator, officer, sign_in, zhang):
    other, address = sign_in(officer("duty_officer")), at("register_change", zhang)
    mine, theirs = form_of(investigator, address), form_of(other, address)
    assert other.post(address, theirs | {"workplace": "一中"}).status_code == 302
    assert investigator.post(address, mine | {"occupation": "医生"}).status_code == 302
    zhang.refresh_from_db()
    assert (zhang.workplace, zhang.occupation, zhang.version) == ("一中", "医生", 3)


def test_saving_a_form_without_a_change_changes_nothing(investigator, zhang, person):
    case = {"area": "410883", "person": str(zhang.pk), "disease": "covid19", "onset_precision": "DAY"}
    case |= {"origin": "IN_COUNTRY", "outcome": "NO_OUTCOME", "number": "", "positive_at": "2022-03-15T08:00"}
    investigator.post(reverse("register_add", args=["cases.case"]), case)
    Case.unscoped.update(positive_at="2022-03-15T00:00:23Z")  # a browser shows no seconds
    found = Case.unscoped.get()
    address = reverse("register_change", args=["cases.case", found.pk])
    answer = investigator.post(address, form_of(investigator, address) | {"base_version": str(found.version)})
    assert answer.status_code == 302
    again = Case.unscoped.get()
    assert (again.version, again.positive_at.second) == (found.version, 23)


def test_a_choice_after_a_conflict_keeps_what_the_other_changed_elsewhere(investigator, officer, sign_in, zhang):
    other, address = sign_in(officer("duty_officer")), at("register_change", zhang)
    mine = form_of(investigator, address)
    other.post(address, form_of(other, address) | {"workplace": "一中", "occupation": "司机"})
    answer = investigator.post(address, mine | {"occupation": "医生"})
    assert [choice.name for choice in answer.context["choices"]] == ["occupation"]
    again = dict(answer.context["hidden"]) | {
        "base_version": answer.context["base_version"],
        "choice__occupation": "mine",
    }
    assert investigator.post(address, again).status_code == 302
    zhang.refresh_from_db()
    assert (zhang.workplace, zhang.occupation) == ("一中", "医生")


@pytest.mark.parametrize(("choice", "left"), [("mine", "医生"), ("theirs", "司机")])
def test_the_same_field_shows_both_values_and_lets_choose(investigator, officer, sign_in, zhang, choice, left):
    first, address = officer("duty_officer", name="王值班"), at("register_change", zhang)
    sign_in(first).post(address, entered(zhang, occupation="司机", base_version="1"))
    answer = investigator.post(address, entered(zhang, occupation="医生", base_version="1"))
    assert answer.status_code == 409
    shown = answer.content.decode()
    assert "司机" in shown and "医生" in shown and "王值班" in shown
    again = dict(answer.context["hidden"]) | {"base_version": answer.context["base_version"]}
    answer = investigator.post(address, again | {"choice__occupation": choice})
    assert answer.status_code == 302
    zhang.refresh_from_db()
    assert zhang.occupation == left


def test_unmasking_needs_the_right_and_a_reason_and_is_recorded(investigator, officer, sign_in, zhang):
    address = at("register_unmask", zhang)
    assert sign_in(officer("duty_officer")).post(address, {"reason": "to call them"}).status_code == 403
    assert investigator.post(address, {"reason": ""}).status_code == 422
    assert not AuditEntry.objects.filter(action="people.unmasked").exists()
    answer = investigator.post(address, {"reason": "电话核实行程"}, headers={"HX-Request": "true"})
    shown = answer.content.decode()
    assert NUMBER in shown and "13800138000" in shown and "delay:30s" in shown
    assert answer["Cache-Control"] == "no-store"
    entry = AuditEntry.objects.get(action="people.unmasked")
    assert entry.detail["reason"] == "电话核实行程" and entry.target_id == str(zhang.pk)
    assert NUMBER not in str(entry.detail)
    assert NUMBER not in investigator.get(address).content.decode()


def test_the_unmask_button_is_only_for_who_may(investigator, officer, sign_in, zhang):
    assert Permission.PEOPLE_UNMASK
    duty = sign_in(officer("duty_officer"))
    page = at("register_record", zhang)
    assert "Show in full" in investigator.get(page).content.decode()
    assert "Show in full" not in duty.get(page).content.decode()


def test_what_a_service_refuses_is_said_in_the_form(investigator, zhang, person):
    other = person("李四")
    answer = investigator.post(at("register_change", other), entered(other, id_type="RESIDENT", id_number=NUMBER))
    assert answer.status_code == 422
    assert answer.context["form"].errors


def test_the_change_of_a_record_is_told_with_before_and_after(investigator, zhang):
    investigator.post(at("register_change", zhang), entered(zhang, occupation="医生", base_version="1"))
    shown = investigator.get(at("register_record", zhang), {"tab": "history"}).content.decode()
    assert "<del>教师</del>" in shown and "<ins>医生</ins>" in shown
