"""One record: its tabs, its form, two people changing it at once, unmasking."""

import pytest
from django.urls import reverse

from fangxian.core.audit import AuditEntry
from fangxian.core.permissions import Permission
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


def test_two_people_change_different_fields(investigator, officer, sign_in, zhang):
    other, address = sign_in(officer("duty_officer")), at("register_change", zhang)
    other.post(address, entered(zhang, occupation="教师", workplace="一中", base_version="1"))
    answer = investigator.post(address, entered(zhang, occupation="医生", base_version="1"))
    zhang.refresh_from_db()
    assert answer.status_code == 409 or zhang.occupation == "医生"


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
