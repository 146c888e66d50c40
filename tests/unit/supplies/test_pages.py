"""The pages: a board whose figures open their rows, three fields on a phone, a request from hand to hand."""

from datetime import date

import pytest

from fangxian.systems.supplies import services
from fangxian.systems.supplies.models import Stock, SupplyRequest

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_only]


@pytest.fixture
def full(big):
    services.receive(by=None, store=big, item="SUIT", quantity=60, lot="A", expires_on=date(2022, 4, 1))
    services.receive(by=None, store=big, item="SWAB", quantity=1000)
    return big


def stock(store, item="SUIT") -> int:
    return sum(Stock.objects.filter(store=store, item=item).values_list("quantity", flat=True))


def test_the_board_says_what_is_short_and_each_figure_opens_its_rows(full, small, leader, sign_in):
    services.ask(by=leader, to_store=small, from_store=full, items={"SUIT": 5}, reason="急用")
    page = sign_in(leader)
    board = page.get("/supplies/").content.decode()
    assert "Protective suit" in board and "Dading" in board and "急用" not in board
    for address in (
        "/supplies/items/SUIT/?area=410883001",
        "/registers/supplies.supplyrequest/?list=open&area=410883001",
    ):
        assert address.replace("&", "&amp;") in board
        assert page.get(address).status_code == 200
    assert page.get("/supplies/?area=410882").status_code == 404
    assert page.get(f"/supplies/stores/{full.pk}/").status_code == 404  # the county's store is not a township's
    whole = sign_in(full.keeper).get("/supplies/").content.decode()
    assert "/supplies/items/SUIT/?area=410883" in whole and full.name in whole and "60 expire soon" in whole


def test_three_fields_enter_a_movement_and_a_refusal_keeps_what_was_typed(full, sign_in):
    page, url = sign_in(full.keeper), f"/supplies/stores/{full.pk}/move/"
    for entered, left in (
        ({"kind": "USED", "quantity": 10}, 50),
        ({"kind": "OUT", "quantity": 5}, 45),
        ({"kind": "IN", "quantity": 5, "lot": "B", "expires_on": "2030-01-01"}, 50),
        ({"kind": "COUNTED", "quantity": 40, "lot": "A", "expires_on": "2022-04-01"}, 45),
        ({"kind": "WASTED", "quantity": 2, "note": "破损"}, 43),
        ({"kind": "USED", "quantity": 3, "lot": "B", "expires_on": ""}, 40),
    ):
        assert page.post(url, {"item": "SUIT", **entered}).status_code == 302, entered
        assert stock(full) == left
    for entered in (
        {"kind": "USED", "quantity": 4000},
        {"kind": "WASTED", "quantity": 1},
        {"kind": "USED", "quantity": "x"},
    ):
        answer = page.post(url, {"item": "SUIT", **entered})
        assert answer.status_code == 422 and str(entered["quantity"]) in answer.content.decode()
    assert stock(full) == 40


def test_a_reader_sees_and_does_not_move(full, officer, sign_in):
    page = sign_in(officer("viewer"))
    assert "Enter a movement" not in page.get(f"/supplies/stores/{full.pk}/").content.decode()
    assert (
        page.post(f"/supplies/stores/{full.pk}/move/", {"item": "SUIT", "kind": "USED", "quantity": 1}).status_code
        == 403
    )


def test_a_request_goes_from_hand_to_hand(full, small, leader, sign_in):
    asking, giving = sign_in(leader), sign_in(full.keeper)
    form = asking.get(f"/supplies/stores/{small.pk}/ask/?item=SUIT").content.decode()
    assert full.name in form and form.index("item-SUIT") < form.index("item-N95")
    url = f"/supplies/stores/{small.pk}/ask/"
    assert asking.post(url, {"from_store": full.pk, "reason": "急用"}).status_code == 422
    assert asking.post(url, {"from_store": full.pk, "reason": "急用", "SUIT": "20", "SWAB": ""}).status_code == 302
    request = SupplyRequest.unscoped.get()
    here = f"/supplies/requests/{request.pk}/"
    assert "Agree for my side" not in asking.get(here).content.decode()
    assert "Agree for my side" in giving.get(here).content.decode()
    assert asking.post(f"{here}agree/").status_code == 302
    request.refresh_from_db()
    assert request.state == "ASKED"
    for page, step, given, state in (
        (giving, "agree", {"SUIT": 15}, "AGREED"), (giving, "dispatch", {"SUIT": 15, "carrier": "豫H12345"}, "SENT"),
        (asking, "receive", {"SUIT": 14}, "RECEIVED"), (giving, "settle", {"reason": "破损"}, "CLOSED"),
    ):  # fmt: skip
        page.get(here)
        assert page.post(f"{here}{step}/", given).status_code == 302
        request.refresh_from_db()
        assert request.state == state
    assert (stock(full), stock(small)) == (45, 14)
    assert "破损" in asking.get(here).content.decode()
    other = services.ask(by=leader, to_store=small, from_store=full, items={"SWAB": 1}, reason="急用")
    last = services.ask(by=leader, to_store=small, from_store=full, items={"SWAB": 2}, reason="急用")
    giving.post(f"/supplies/requests/{other.pk}/refuse/", {"reason": "不足"})
    asking.post(f"/supplies/requests/{last.pk}/cancel/", {"reason": "已自筹"})
    assert set(SupplyRequest.unscoped.values_list("state", flat=True)) == {"CLOSED", "REFUSED", "CANCELLED"}


def test_the_only_store_of_a_county_has_nobody_to_ask(full, sign_in):
    assert "There is no other store" in sign_in(full.keeper).get(f"/supplies/stores/{full.pk}/ask/").content.decode()
