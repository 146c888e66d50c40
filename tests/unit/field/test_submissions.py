"""The door for entries of phones: accepted once, known again, refused with field and reason, each by itself."""

import json
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.test import Client

from fangxian.core import clock, scope
from fangxian.core.audit import AuditEntry
from fangxian.core.ids import uuid7
from fangxian.core.permissions import Permission, Refused
from fangxian.core.records import Source
from fangxian.faces.field import kinds
from fangxian.faces.field.merging import merge
from fangxian.faces.field.models import EditClash, Submission
from fangxian.systems.people import services
from fangxian.systems.people.models import Household

CELL, OTHER = "410883001212001", "410882001201"
NOON = datetime(2022, 3, 15, 4, 0, tzinfo=UTC)
ms = lambda moment: int(moment.timestamp() * 1000)  # noqa: E731


def enter(entry):
    said = entry.payload
    if said.get("crash"):
        raise RuntimeError("a fault of ours")
    return services.add_household(
        by=entry.by, area=area(said["area"]), number=said["number"], source=Source.FIELD, id=entry.id,
        device_at=entry.device_at,
    )  # fmt: skip


def change(entry):
    found = Household.objects.get(pk=entry.payload["household"])

    def verb(**changes):
        return services.change_household(household=found, by=entry.by, **changes)

    changes = {name: entry.payload[name] for name in ("number", "address") if name in entry.payload}
    return merge(entry, verb, base_version=entry.payload.get("version"), **changes)


def area(code):
    from fangxian.core.areas import Area

    return Area.objects.get(code=code)


@pytest.fixture(autouse=True)
def door(monkeypatch):
    monkeypatch.setattr(kinds, "_kinds", dict(kinds._kinds))
    kinds.register("test_household", Permission.PEOPLE_WRITE, enter)
    kinds.register("test_change", Permission.PEOPLE_WRITE, change)
    kinds.register("test_never", Permission.SYSTEM_MANAGE, enter)
    with clock.frozen(NOON):
        yield


@pytest.fixture
def worker(officer):
    return officer("grid_worker", area=CELL)


@pytest.fixture
def phone(worker):
    made = Client()
    made.force_login(worker)
    return made


def entry(kind="test_household", /, *, made_at=NOON, offset=None, own_id=None, **payload):
    said = {"area": CELL, "number": "1", **payload} if kind != "test_change" else payload
    return {"id": str(own_id or uuid7()), "kind": kind, "made_at": ms(made_at), "offset": offset, "payload": said}


def post(phone, worker, *entries, sent_at=NOON, officer=None):
    body = {"officer": str(officer or worker.pk), "sent_at": ms(sent_at), "entries": list(entries)}
    return phone.post("/field/submissions", json.dumps(body), content_type="application/json")


def send(phone, worker, *entries, **how):
    answer = post(phone, worker, *entries, **how)
    assert answer.status_code == 200, answer.content
    return answer.json()["answers"]


def stored() -> set[str]:
    return set(Household.unscoped.values_list("number", flat=True))


def test_an_entry_is_stored_under_the_phones_id_once(phone, worker):
    one = entry(number="7")
    first, again = send(phone, worker, one), send(phone, worker, one)
    assert (first[0]["state"], again[0]["state"]) == ("accepted", "known")
    home = Household.unscoped.get()
    assert (str(home.pk), home.source, home.created_by) == (one["id"], "field", worker)
    row = Submission.objects.get()
    assert (row.state, row.target_kind, row.target_id, row.area_code) == (
        "ACCEPTED", "people.household", one["id"], CELL)  # fmt: skip
    assert AuditEntry.objects.filter(action="people.household.added").count() == 1


def test_each_entry_is_judged_by_itself(phone, worker):
    answers = send(phone, worker, entry(number="1"), entry(number=""), entry(number="2", area=OTHER), entry(number="3"))
    assert [(one["row"], one["state"]) for one in answers] == [
        (0, "accepted"), (1, "refused"), (2, "refused"), (3, "accepted")]  # fmt: skip
    assert answers[1]["field"] == "number" and answers[1]["reason"]
    assert answers[2]["field"] == "area"
    assert stored() == {"1", "3"}


def test_a_refused_entry_is_mended_under_its_own_id(phone, worker):
    own = uuid7()
    refused = send(phone, worker, entry(own_id=own, number=""))[0]
    assert refused["state"] == "refused"
    assert send(phone, worker, entry(own_id=own, number=""))[0]["state"] == "refused"
    kept = Submission.objects.get()
    assert (kept.state, kept.field, kept.tries) == ("REFUSED", "number", 2)
    assert send(phone, worker, entry(own_id=own, number="9"))[0]["state"] == "accepted"
    kept.refresh_from_db()
    assert (kept.state, kept.reason) == ("ACCEPTED", "") and stored() == {"9"}


def test_another_content_under_a_stored_id_is_refused_and_the_stored_one_stays(phone, worker):
    own = uuid7()
    send(phone, worker, entry(own_id=own, number="1"))
    answer = send(phone, worker, entry(own_id=own, number="2"))[0]
    assert (answer["state"], answer["field"]) == ("refused", "id")
    assert stored() == {"1"} and Submission.objects.get().state == "ACCEPTED"


def test_an_id_of_another_officer_is_refused(phone, worker, officer):
    own = uuid7()
    send(phone, worker, entry(own_id=own, number="1"))
    other = officer("grid_worker", area=CELL)
    theirs = Client()
    theirs.force_login(other)
    assert send(theirs, other, entry(own_id=own, number="1"))[0]["state"] == "refused"
    assert Submission.objects.get().officer == worker


def test_entries_of_another_officer_wait_for_their_own(phone, worker):
    answer = post(phone, worker, entry(), officer=worker.pk + 1)
    assert (answer.status_code, answer.json()["error"]) == (409, "other_officer")
    assert stored() == set()


def test_a_right_that_is_missing_is_a_reason(phone, worker):
    answer = send(phone, worker, entry("test_never"))[0]
    assert answer["state"] == "refused" and "system.manage" in answer["reason"]


def test_an_unknown_kind_says_that_the_page_is_old(phone, worker):
    answer = send(phone, worker, entry("hovercraft"))[0]
    assert (answer["state"], answer["field"]) == ("refused", "kind") and "out of date" in answer["reason"]


def test_a_fault_of_ours_keeps_the_entry_waiting_and_hurts_no_other(phone, worker, caplog):
    answers = send(phone, worker, entry(number="1"), entry(number="2", crash=True), entry(number="3"))
    assert [one["state"] for one in answers] == ["accepted", "later", "accepted"]
    assert stored() == {"1", "3"} and Submission.objects.count() == 2
    assert "RuntimeError" in caplog.text


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"entries": 7}', b"\xff", b'{"entries": ' + b"[0," * 5])
def test_what_is_no_batch_is_refused_whole(phone, body):
    assert phone.post("/field/submissions", body, content_type="application/json").status_code == 422


@pytest.mark.parametrize("wrong", [0, "x", {}, {"id": 7}, {"id": "no"}, {"id": str(UUID(int=5)), "payload": []}])
def test_an_entry_that_is_nothing_is_refused_alone(phone, worker, wrong):
    answers = send(phone, worker, wrong, entry(number="1"))
    assert [one["state"] for one in answers] == ["refused", "accepted"]


def test_a_batch_has_an_end(phone, worker):
    assert post(phone, worker, *[entry() for _ in range(101)]).status_code == 422


# --- the same field, changed in the office and on the phone ---


@pytest.fixture
def home(worker):
    with scope.everywhere("test data"):
        return services.add_household(by=None, area=area(CELL), number="1", address="大定街道段西村1号")


def test_other_fields_merge_and_the_same_field_stays_and_is_logged(phone, worker, home, officer):
    office = officer("township_officer", area="410883001", name="镇干部")
    with scope.everywhere("test"):
        services.change_household(household=home, by=office, number="1a", base_version=1)
    said = entry("test_change", household=str(home.pk), version=1, number="1b", address="大定街道段西村2号")
    assert send(phone, worker, said)[0]["state"] == "accepted"
    home.refresh_from_db()
    assert (home.number, home.address.reveal(), home.version) == ("1a", "大定街道段西村2号", 3)
    clash = EditClash.objects.get()
    assert (clash.field, clash.stored, clash.wanted, clash.stored_by) == ("number", "1a", "1b", "镇干部")
    assert (str(clash.submission), clash.area_code, clash.officer) == (said["id"], CELL, worker)
    assert send(phone, worker, said)[0]["state"] == "known" and EditClash.objects.count() == 1


def test_a_personal_value_is_logged_masked(phone, worker, home, officer):
    with scope.everywhere("test"):
        services.change_household(household=home, by=officer(), address="大定街道段西村3号", base_version=1)
    send(phone, worker, entry("test_change", household=str(home.pk), version=1, address="大定街道段西村2号"))
    assert "2号" not in EditClash.objects.get().wanted


def test_two_phones_with_the_same_field_both_offline_lose_nothing(phone, worker, home, officer):
    """The second one's value is not stored, and not lost either."""
    other = officer("grid_worker", area=CELL)
    theirs = Client()
    theirs.force_login(other)
    send(phone, worker, entry("test_change", household=str(home.pk), version=1, number="A"))
    send(theirs, other, entry("test_change", household=str(home.pk), version=1, number="B"))
    home.refresh_from_db()
    assert home.number == "A" and EditClash.objects.get().wanted == "B"


def test_a_conflict_a_handler_does_not_merge_is_refused_and_logged(phone, worker, home, officer):
    def strict(entry):
        found = Household.objects.get(pk=home.pk)
        return services.change_household(household=found, by=entry.by, number="B", base_version=1)

    kinds.register("test_strict", Permission.PEOPLE_WRITE, strict)
    with scope.everywhere("test"):
        services.change_household(household=home, by=officer(), number="A", base_version=1)
    answer = send(phone, worker, entry("test_strict"))[0]
    assert (answer["state"], answer["field"]) == ("refused", "number")
    assert EditClash.objects.get().wanted == "B"


def test_what_is_gone_or_elsewhere_is_a_reason(phone, worker):
    assert send(phone, worker, entry("test_change", household=str(uuid7())))[0]["state"] == "refused"


# --- the phone's clock ---


@pytest.mark.parametrize("days", [-7, 0, 7])
def test_a_wrong_clock_is_corrected_and_kept_beside(phone, worker, days):
    wrong = timedelta(days=days)
    send(phone, worker, entry(made_at=NOON - timedelta(hours=2) + wrong), sent_at=NOON + wrong)
    row = Submission.objects.get()
    assert (row.made_at, row.device_at) == (NOON - timedelta(hours=2), NOON - timedelta(hours=2) + wrong)
    assert Household.unscoped.get().device_at == row.device_at


def test_a_clock_set_right_between_entering_and_sending(phone, worker):
    """The entry's own offset counts: when it was made, the phone was seven days behind."""
    behind = timedelta(days=7)
    made = NOON - timedelta(hours=3)
    send(phone, worker, entry(made_at=made - behind, offset=int(behind.total_seconds() * 1000)), sent_at=NOON)
    assert Submission.objects.get().made_at == made


@pytest.mark.parametrize("odd", [None, "soon", -1, 1e300, True])
def test_nonsense_times_count_as_now(phone, worker, odd):
    send(phone, worker, {**entry(), "made_at": odd, "offset": None if odd == -1 else odd})
    assert Submission.objects.get().made_at == NOON


def test_no_entry_is_from_the_future(phone, worker):
    send(phone, worker, entry(made_at=NOON + timedelta(days=3), offset=0))
    assert Submission.objects.get().made_at == NOON


# --- the door itself ---


def test_a_stranger_and_a_page_of_another_site_are_turned_away(worker):
    assert Client().post("/field/submissions", "{}", content_type="application/json",
                         headers={"Accept": "application/json"}).status_code == 401  # fmt: skip
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(worker)
    assert strict.post("/field/submissions", "{}", content_type="application/json").status_code == 403


def test_one_name_is_one_kind():
    with pytest.raises(ValueError, match="test_household"):
        kinds.register("test_household", Permission.PEOPLE_WRITE, change)
    kinds.register("test_household", Permission.PEOPLE_WRITE, enter)
    assert "test_household" in {kind.name for kind in kinds.every()}


def test_a_refusal_of_a_verb_is_its_reason(phone, worker):
    def refusing(entry):
        raise Refused("not on a Sunday")

    kinds.register("test_refusing", Permission.PEOPLE_WRITE, refusing)
    assert send(phone, worker, entry("test_refusing"))[0]["reason"] == "not on a Sunday"
