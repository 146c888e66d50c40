"""A positive piece: what it reached, the recall in one click, holders step by step until every piece is settled."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from fangxian.core import clock, jobs
from fangxian.engines.lots import Direction
from fangxian.systems.command import selectors as tasks
from fangxian.systems.command.models import Task
from fangxian.systems.environment.models import EnvironmentOrder
from fangxian.systems.goods import selectors, services
from fangxian.systems.goods.models import Lot, RecallLine
from fangxian.systems.testing import selectors as testing
from fangxian.warehouse import lots as flow
from fangxian.workflows import contaminated_goods as story
from fangxian.workflows.recalls import graph

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]
OPEN = ("PENDING", "IN_PROGRESS")


def later(hours):
    return clock.frozen(clock.now() + timedelta(hours=hours))


@pytest.fixture
def traded(lot, complete, trade, worker):
    """A hundred pieces: 40 to the plant and made into sausages, 30 to the next county by lorry, 10 of them sold."""
    made = complete(lot())
    people = {"porter": worker(trade.store), "cutter": worker(trade.plant, "张伟"),
              "driver": worker(trade.lorry, "赵强"),
              "gone": worker(trade.store, "孙丽", until_on=clock.today() - timedelta(days=1)),
              "market": worker(trade.market, "钱多")}  # fmt: skip
    with later(2):
        sausage = services.divide(by=None, kind="PROCESS", lots={made: 40}, place=trade.store, to_place=trade.plant,
                                  number="S1", made=400, goods="香肠")  # fmt: skip
        services.move(by=None, kind="MOVE", lot=made, pieces=30, from_place=trade.store, to_place=trade.shop,
                      vehicle=trade.lorry)  # fmt: skip
    with later(4):
        services.move(by=None, kind="SELL", lot=made, pieces=6, from_place=trade.shop)
        services.move(by=None, kind="SELL", lot=made, pieces=4, from_place=trade.shop, buyer="王五",
                      buyer_phone="13812345678", handler=people["market"].person)  # fmt: skip
    return made, sausage, people


@pytest.fixture
def positive(traded):
    """15 samples of its outer packing, 5 positive, as at Zhengzhou."""
    made = traded[0]
    test = services.sample(by=None, lot=made, first_piece=1, last_piece=15)
    services.report(test=test, by=None, positives=5, positive_pieces="1 2 3 4 5")
    return test


def lines(recall) -> dict:
    return {(row.lot.number, str(row.place or "")): row for row in selectors.lines_of(recall)}


def test_everything_within_the_window_in_one_question(traded, trade):
    with later(5):
        found = story.reach(traded[0])
    assert {(row.lot.number, str(row.place or "-")): row.pieces for row in found.holders} == {
        ("P1", "集中监管仓"): 30, ("P1", "沁阳超市"): 20, ("P1", "-"): 10, ("S1", "肉制品厂"): 400,
    }  # fmt: skip
    assert set(found.vehicles.values()) == {trade.lorry} and [row.pieces for row in found.buyers] == [4]
    names = ("porter", "cutter", "driver", "market")
    assert {row.person for row in found.handlers} == {traded[2][name].person for name in names}
    assert all(row.status.is_overdue for row in found.handlers)


def test_a_made_lot_leads_back_to_what_it_was_made_of(traded):
    with later(5):
        found = story.reach(traded[1])
    assert {lot.number for lot in found.lots.values()} == {"P1", "S1"} and traded[0].pk in found.origins
    up = flow.follow([traded[1].pk], direction=Direction.UP, at=found.until_at, limit=found.from_at)
    assert up.lots == {traded[0].pk, traded[1].pk} and len(up.places) == 2


def test_a_positive_test_makes_a_task_once(traded, positive):
    made = traded[0]
    assert jobs.run_pending() == 1
    again = story.on_positive(test_id=positive.pk, by=None)
    (task,) = tasks.for_subject("goods.lot", made.pk)
    assert task == again and task.role == "duty_officer" and task.due_at == clock.now() + timedelta(hours=2)
    traded[1].refresh_from_db()
    assert traded[1].is_positive


def test_a_recall_in_one_click(traded, positive, trade, elsewhere):
    made, sausage, people = traded
    story.on_positive(test_id=positive.pk, by=None)
    with later(5):
        done = story.recall(lot=made, by=None, test=positive)
        again = story.recall(lot=made, by=None, test=positive)
    found = done.recall
    found.refresh_from_db()
    assert (found.lots, found.places, found.handlers, found.pieces) == (2, 3, 4, 460)
    assert again.recall.pk == found.pk and len(again.lines) == len(done.lines) == 4
    assert done.tasks == {"new": 4, "kept": 0} and again.tasks == {"new": 0, "kept": 4}
    areas = {task.params["place"]: (task.area_id, task.role) for task in tasks.for_subject("goods.recall", found.pk)}
    assert areas["沁阳超市"] == ("410882", "duty_officer") and areas["集中监管仓"] == ("410883001", "township_officer")
    assert {duty.person for duty in testing.duties_of([found.pk])} == {
        people[name].person for name in ("porter", "cutter", "driver", "market")
    }
    assert not [task for task in tasks.for_subject("goods.lot", made.pk) if task.status in OPEN]
    assert "RECALLED" in Lot.objects.get(pk=sausage.pk).reasons and done.ordered == 0  # both are positive already


def test_every_piece_is_accounted_for_and_the_recall_closes(traded, positive, trade):
    made = traded[0]
    with later(5):
        found = story.recall(lot=made, by=None, test=positive).recall
        rows = lines(found)
        store = rows["P1", "集中监管仓"]
        assert services.tell(line=store, by=None).state == "TOLD"
        assert services.stop(line=store, by=None).state == "STOPPED"
        assert services.account(line=store, by=None, sealed=30).state == "SEALED"
        with pytest.raises(ValidationError, match="more than the 30"):
            services.account(line=store, by=None, sealed=30, destroyed=1)
        with pytest.raises(ValidationError, match="counted from 0"):
            services.account(line=store, by=None, sealed=-1)
        assert services.account(line=store, by=None, sealed=0, destroyed=20, returned=10).state == "SETTLED"
        with pytest.raises(ValidationError, match="do not come back"):
            services.account(line=store, by=None, destroyed=19)
        assert selectors.stock_of(made) == [(trade.shop, 20)]
        again = story.recall(lot=made, by=None, test=positive)
        assert lines(again.recall)["P1", "集中监管仓"].pieces == 30 and lines(again.recall)["P1", ""].pieces == 10
        for key in (("P1", "沁阳超市"), ("S1", "肉制品厂"), ("P1", "")):
            row = rows[key]
            services.account(line=row, by=None, used=row.pieces)
        found.refresh_from_db()
        assert found.closed_at == clock.now()
        assert not [task for task in tasks.for_subject("goods.recall", found.pk) if task.status in OPEN]
        with pytest.raises(ValidationError, match="closed"):
            services.tell(line=store, by=None)
        assert Lot.objects.get(pk=made.pk).reasons == ["POSITIVE"]
    counted = selectors.totals(selectors.lines_of(found))
    assert counted["pieces"] == 460 == counted["returned"] + counted["destroyed"] + counted["used"]


def test_the_report_and_the_drawing(traded, positive):
    with later(5):
        done = story.recall(lot=traded[0], by=None, test=positive)
        done.recall.refresh_from_db()
        text = story.report_text(selectors.recall(done.recall.pk), selectors.lines_of(done.recall))
    assert "5 of 15 samples positive" in text and "2 lots at 3 places" in text and "王五" not in text
    drawn = graph.drawing(done.reach.movements, traded[0], held={row.key: row.pieces for row in done.reach.holders})
    assert len(drawn["nodes"]) == 4 and sorted(edge["label"] for edge in drawn["edges"]) == ["10", "30", "40"]
    assert drawn["cut"] == 0 and sum(node["root"] for node in drawn["nodes"]) == 3


def test_a_recall_without_a_test_says_why(traded):
    with later(5):
        found = story.recall(lot=traded[1], by=None, reason="协查函").recall
        assert found.reason == "协查函" and "Lot S1" in story.report_text(selectors.recall(found.pk), [])


def test_other_lots_on_the_list_are_tested(lot, complete, trade):
    one, other = complete(lot("P1", 10)), complete(lot("P2", 10))
    services.divide(by=None, kind="MERGE", lots={one: 5, other: 5}, place=trade.store, number="M", made=10)
    mixed = Lot.objects.get(number="M")
    test = services.sample(by=None, lot=mixed)
    services.report(test=test, by=None, positives=1)
    done = story.recall(lot=mixed, by=None, test=test)
    assert done.ordered == 2 and RecallLine.objects.filter(recall=done.recall).count() == 3
    assert story.recall(lot=mixed, by=None, test=test).ordered == 0


def test_what_is_kept_is_read_on_and_read_anew(traded, trade, settings, tmp_path, monkeypatch):
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(flow, "KEEP_FROM", 1)
    made, at = traded[0], clock.now()

    def reached():
        end = at + timedelta(days=1)
        return len(flow.follow([made.pk], direction=Direction.DOWN, at=at, limit=end).movements)

    assert reached() == 4 and (tmp_path / "derived" / "lots.npz").exists()
    with later(5):
        services.move(by=None, kind="SELL", lot=made, pieces=1, from_place=trade.shop)
    assert reached() == 5
    flow.forget()
    assert reached() == 5
    (tmp_path / "derived" / "lots.npz").write_bytes(b"broken")
    flow.forget()
    assert reached() == 5
    assert not flow.follow([trade.port.pk], direction=Direction.DOWN, at=at, limit=at).holdings


def test_stores_are_swabbed_and_disinfected_once_each_and_not_any_more_when_it_does_not_hold(lot, complete, trade):
    made = complete(lot())
    services.move(by=None, kind="MOVE", lot=made, pieces=10, from_place=trade.store, to_place=trade.market)
    services.move(by=None, kind="MOVE", lot=made, pieces=5, from_place=trade.store, to_place=trade.shop)
    test = services.report(test=services.sample(by=None, lot=made, last_piece=5), by=None, positives=1)
    for _time in range(2):
        assert story.recall(lot=made, by=None, test=test).orders == 3
    orders = EnvironmentOrder.unscoped.filter(because_kind="goods.recall")
    swabs = Task.unscoped.filter(key__startswith="goods:swab:")
    assert {row.subject_id for row in orders} == {row.subject_id for row in swabs} == {
        trade.store.pk, trade.market.pk, trade.shop.pk
    }  # fmt: skip
    assert len(orders) == len(swabs) == 3
    assert orders.get(subject_id=trade.shop.pk).role == "duty_officer"
    services.withdraw_test(test=test, by=None, reason="tubes were swapped")
    assert {row.state for row in orders.all()} == {"WITHDRAWN"} and {row.status for row in swabs.all()} == {"REMOVED"}
