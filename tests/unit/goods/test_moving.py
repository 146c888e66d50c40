"""Lots split, put together, re-packed and processed, by the page and by the ledger: every piece is counted once."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from fangxian.core.clock import now
from fangxian.registers import forms, imports
from fangxian.registers import site as registers
from fangxian.registers.sheets import Table
from fangxian.systems.goods import selectors, services
from fangxian.systems.goods.models import Lot, Movement
from fangxian.workflows import contaminated_goods

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


@pytest.fixture
def green(lot, complete):
    """A hundred green pieces in the store."""
    return complete(lot())


@pytest.fixture
def keeper(officer):
    return officer("cold_chain_keeper")


@pytest.fixture
def desk(keeper):
    client = Client(headers={"accept-language": "en"})
    client.force_login(keeper)
    return client


def sent(client, lot, **values):
    return client.post(reverse("goods_move", args=[lot.pk]), values, follow=True)


def ledger(by, *rows):
    register = registers.get("goods.movement")
    headings = ["area", "kind", "lot", "pieces", "from_place", "to_place", "to_lot", "made", "at"]
    with register.scope(by, "import"):
        return imports.run(register, Table(headings, [[str(one) for one in row] for row in rows]), by=by)


def lying(place) -> dict[str, int]:
    return {row.lot.number: row.pieces for row in selectors.stock_at(place)}


def test_a_lot_is_split_moved_and_sold_on_its_page(desk, green, trade):
    page = desk.get(reverse("goods_lot", args=[green.pk])).content.decode()
    assert "Move, sell, split, merge, re-pack" in page and str(trade.store.pk) in page
    here = {"from_place": trade.store.pk, "pieces": "30"}
    answer = sent(desk, green, kind="SPLIT", number="P1-A", **here)
    new = Lot.objects.get(number="P1-A")
    assert answer.redirect_chain[-1][0] == reverse("goods_lot", args=[new.pk]) and new.pieces == 30
    sent(desk, new, kind="MOVE", to_place=trade.market.pk, **here)
    sent(desk, new, kind="SELL", from_place=trade.market.pk, pieces="5", buyer="赵记饭店", buyer_phone="13839100012")
    assert lying(trade.store) == {"P1": 70} and lying(trade.market) == {"P1-A": 25}
    assert Movement.objects.get(kind="SELL").buyer.reveal() == "赵记饭店"


def test_lots_are_put_together_and_processed_on_the_page(desk, green, trade):
    sent(desk, green, kind="SPLIT", number="P1-A", from_place=trade.store.pk, pieces="30")
    sent(desk, green, kind="MERGE", number="M1", from_place=trade.store.pk, pieces="10", also="P1-A 20")
    sent(desk, green, kind="PROCESS", number="X1", from_place=trade.store.pk, pieces="5", made="400", goods="香肠",
         to_place=trade.plant.pk)  # fmt: skip
    assert lying(trade.store) == {"P1": 55, "P1-A": 10, "M1": 30} and lying(trade.plant) == {"X1": 400}
    assert Lot.objects.get(number="X1").goods == "香肠"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"kind": "SPLIT"}, "Give the new lot a number."),
        ({"kind": "SPLIT", "number": "P1"}, "with this number already"),
        ({"kind": "REPACK", "number": "R1"}, "how many pieces come of it"),
        ({"kind": "MOVE", "pieces": "101"}, "Of this lot 100 pieces are there"),
        ({"kind": "MOVE", "to_place": ""}, "Say where the goods go."),
        ({"kind": "MERGE", "number": "M1", "also": "P9 3"}, "No lot P9 lies there"),
        ({"kind": "MERGE", "number": "M1", "also": "P9"}, "one lot a line"),
        ({"kind": "SELL", "buyer": "x", "buyer_phone": "12"}, "fx-field-wrong"),
        ({"kind": "RECEIVE"}, "fx-field-wrong"),
        ({"from_place": ""}, "fx-field-wrong"),
    ],
    ids=str,
)
def test_what_is_refused_says_field_and_reason_and_keeps_what_was_typed(desk, green, trade, given, words):
    usual = {"kind": "MOVE", "pieces": "7", "from_place": trade.store.pk, "to_place": trade.market.pk, "waybill": "W77"}
    answer = sent(desk, green, **{**usual, **given})
    page = answer.content.decode()
    assert answer.status_code == 422 and words in page and 'value="W77"' in page
    assert lying(trade.store) == {"P1": 100}


def test_a_held_lot_only_goes_back(desk, lot, trade):
    red = lot()
    here = {"from_place": trade.store.pk, "pieces": "3"}
    for kind in ("MOVE", "SPLIT", "SELL"):
        answer = sent(desk, red, kind=kind, number="N1", to_place=trade.market.pk, **here)
        assert answer.status_code == 422 and "This lot is held" in answer.content.decode()
    sent(desk, red, kind="RETURN", **here)
    assert lying(trade.store) == {"P1": 97}


def test_a_sheet_makes_the_lot_it_names_and_puts_more_into_it(keeper, green, lot, complete, trade):
    complete(lot("P2", 50))
    at = now().isoformat()
    rows = [
        (green.area_id, "合并", "P1", 30, trade.store.pk, trade.store.pk, "M1", 30, at),
        (green.area_id, "MERGE", "P2", 20, trade.store.pk, trade.store.pk, "M1", 20, at),
        (green.area_id, "MOVE", "P1", 5, trade.store.pk, trade.market.pk, "Q7", "", at),
        (green.area_id, "SPLIT", "P1", 5, "", trade.market.pk, "Q8", "", at),
        (green.area_id, "SPLIT", "P1", 5, trade.store.pk, trade.market.pk, green.pk.hex[::-1], "", at),
    ]
    done = ledger(keeper, *rows)
    assert (done.inserted, done.rejected) == (2, 3)
    assert lying(trade.store) == {"P1": 70, "P2": 30, "M1": 50} and Lot.objects.get(number="M1").pieces == 50
    assert ledger(keeper, *rows[:2]).unchanged == 2


def test_a_recall_counts_a_lot_made_by_the_ledger_once(keeper, green, trade):
    ledger(keeper, (green.area_id, "拆分", "P1", 40, trade.store.pk, trade.store.pk, "P1-A", "", now().isoformat()))
    found = contaminated_goods.reach(green)
    assert sorted((row.lot.number, row.pieces) for row in found.holders) == [("P1", 60), ("P1-A", 40)]
    with pytest.raises(ValidationError):
        services.divide(by=None, kind="SPLIT", lots={}, place=trade.store, number="x")
    with pytest.raises(ValidationError):
        forms.form_fields(registers.get("goods.movement"))["to_lot"].clean("00000000-0000-4000-8000-000000000000")
