"""A request for supplies: agreed by both sides and never by one officer, sent, received, the difference settled."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from fangxian.core.clock import now
from fangxian.core.permissions import Refused
from fangxian.core.second_person import SamePerson
from fangxian.systems.supplies import selectors, services
from fangxian.systems.supplies.models import Movement, SupplyRequest
from fangxian.systems.supplies.transitions import FROM, SIDE, allowed
from tests.unit.supplies.test_ledger import books

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]
S = SupplyRequest.State


@pytest.fixture
def full(big):
    services.receive(by=None, store=big, item="SUIT", quantity=60, lot="A", expires_on=date(2022, 9, 1))
    services.receive(by=None, store=big, item="SUIT", quantity=60, lot="B", expires_on=date(2022, 6, 1))
    services.receive(by=None, store=big, item="SWAB", quantity=1000)
    return big


@pytest.fixture
def asked(full, small, leader):
    return services.ask(by=leader, to_store=small, from_store=full, items={"SUIT": 100, "SWAB": 500, "N95": 0},
                        reason="第三轮核酸检测")  # fmt: skip


def lines(request) -> dict[str, tuple]:
    return {line.item: (line.asked, line.agreed, line.sent, line.received) for line in request.lines.all()}


def test_the_whole_way(asked, full, small, leader, keeper):
    assert asked.state == S.ASKED and asked.leader_by == leader and asked.from_area_id == "410883"
    assert asked.due_at == now() + timedelta(hours=12)
    agreed = services.agree(request=asked, by=keeper, items={"SUIT": 80})
    assert agreed.state == S.AGREED and agreed.keeper_by == keeper and agreed.due_at == now() + timedelta(hours=24)
    sent = services.dispatch(request=agreed, by=keeper, carrier="豫H12345")
    assert sent.state == S.SENT and books(full) == {("SUIT", "A"): 40, ("SWAB", ""): 500}
    assert books(small) == {}
    came = services.take_in(request=sent, by=leader, items={"SUIT": 75})
    assert came.state == S.RECEIVED and books(small) == {("SUIT", "A"): 15, ("SUIT", "B"): 60, ("SWAB", ""): 500}
    assert lines(came) == {"SUIT": (100, 80, 80, 75), "SWAB": (500, 500, 500, 500)}
    assert {line.item: line.missing for line in came.lines.all()} == {"SUIT": 5, "SWAB": 0}
    closed = services.settle(request=came, by=keeper, reason="途中破损5套")
    assert closed.state == S.CLOSED and closed.closed_at == now() and closed.due_at is None
    moves = Movement.objects.filter(request=asked).values_list("kind", "change")
    assert sum(change for _kind, change in moves) == -5  # what was lost on the way, and nothing else


def test_all_that_was_sent_has_come_so_it_is_closed(asked, keeper, leader):
    services.agree(request=asked, by=keeper)
    services.dispatch(request=asked, by=keeper, items={"SWAB": 0})
    assert services.take_in(request=asked, by=leader).state == S.CLOSED
    assert not selectors.open_requests().exists()


def test_two_sides_are_never_one_officer(full, small, officer, keeper):
    chief = officer("duty_officer", area="410883")  # leads both areas
    request = services.ask(by=chief, to_store=small, from_store=full, items={"SUIT": 1}, reason="急用")
    assert request.leader_by == chief
    with pytest.raises(SamePerson):
        services.agree(request=request, by=chief)
    assert "agree" not in allowed(request, chief) and "agree" in allowed(request, keeper)
    assert services.agree(request=request, by=keeper).state == S.AGREED


def test_who_does_not_lead_asks_and_the_leader_agrees(full, small, officer, leader, keeper):
    clerk = officer("store_keeper", area="410883001")
    request = services.ask(by=clerk, to_store=small, from_store=full, items={"SUIT": 1}, reason="急用")
    assert request.leader_by is None
    with pytest.raises(ValidationError, match="neither side"):
        services.agree(request=request, by=clerk)
    first = services.agree(request=request, by=keeper)
    assert first.state == S.ASKED
    with pytest.raises(ValidationError):
        services.agree(request=first, by=keeper)
    assert services.agree(request=first, by=leader).state == S.AGREED


def test_a_step_belongs_to_its_side_and_its_state(asked, leader, keeper, officer):
    with pytest.raises(ValidationError, match="does not allow"):
        services.dispatch(request=asked, by=keeper)
    services.agree(request=asked, by=keeper)
    with pytest.raises(Refused, match="other side"):
        services.dispatch(request=asked, by=leader)
    fresh = selectors.request(asked.pk)
    assert allowed(fresh, leader) == ["cancel"] and allowed(fresh, keeper) == ["dispatch"]
    assert allowed(fresh, officer("viewer")) == []
    sent = services.dispatch(request=fresh, by=keeper)
    with pytest.raises(Refused, match="other side"):  # whoever gives never receives as well
        services.take_in(request=sent, by=keeper)
    assert set(SIDE) <= set(FROM)


def test_amounts_only_shrink_and_must_be_there(asked, full, keeper, leader):
    for items in ({"SUIT": 101}, {"GOWN": 1}, {"HAMMER": 1}, {"SUIT": -1}, {"SUIT": 0, "SWAB": 0}):
        with pytest.raises(ValidationError):
            services.agree(request=asked, by=keeper, items=items)
    services.agree(request=asked, by=keeper)
    services.use(by=keeper, store=full, item="SUIT", quantity=60)
    with pytest.raises(ValidationError, match="only 60"):
        services.dispatch(request=asked, by=keeper)
    with pytest.raises(ValidationError, match="at least one"):
        services.dispatch(request=asked, by=keeper, items={"SUIT": 0, "SWAB": 0})
    services.dispatch(request=asked, by=keeper, items={"SUIT": 60})
    with pytest.raises(ValidationError, match="at most 60"):
        services.take_in(request=asked, by=leader, items={"SUIT": 61})
    assert books(full) == {("SWAB", ""): 500}


def test_it_is_refused_or_taken_back_with_a_reason(asked, full, small, keeper, leader):
    with pytest.raises(ValidationError):
        services.refuse(request=asked, by=keeper, reason=" ")
    refused = services.refuse(request=asked, by=keeper, reason="库存不足")
    assert (refused.state, refused.answer, refused.closed_at) == (S.REFUSED, "库存不足", now())
    other = services.ask(by=leader, to_store=small, from_store=full, items={"SWAB": 1}, reason="急用")
    assert services.cancel(request=other, by=leader, reason="已自筹").state == S.CANCELLED


def test_nothing_is_asked_of_oneself_or_for_nothing(big, small, leader):
    for store, items in ((small, {"SUIT": 1}), (big, {}), (big, {"SUIT": 0})):
        with pytest.raises(ValidationError):
            services.ask(by=leader, to_store=small, from_store=store, items=items, reason="急用")
    with pytest.raises(ValidationError):
        services.ask(by=leader, to_store=small, from_store=big, items={"SUIT": 1}, reason="")


def test_open_requests_are_those_of_an_area_late_ones_first(asked):
    assert list(selectors.in_area(selectors.open_requests(), "410883001")) == [asked]
    assert list(selectors.in_area(selectors.open_requests(), "410883")) == [asked]
    assert list(selectors.in_area(selectors.open_requests(), "410883002")) == []
