"""Red and green: what a lot lacks under the packs, inherited by what is made of it, and what a red lot may not do."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from fangxian.core import clock, policy
from fangxian.core.policy import PolicyError
from fangxian.systems.goods import judging, rules, selectors, services
from fangxian.systems.goods.models import Lot, Movement

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]
ALL = ["CUSTOMS", "INSPECTION", "TEST", "DISINFECTION", "TRACE_CODE", "OUTER_TESTS", "INNER_TESTS"]
FACTS = {"temperature": Decimal(20), "origin": "法国", "is_bulk": False, "departed_at": None, "touched": True,
         "disinfected": False}  # fmt: skip


def test_a_lot_is_red_until_everything_is_there(lot, complete):
    made = lot()
    assert made.is_held and made.reasons == ALL and made.rule == "goods.documents"
    with pytest.raises(ValidationError, match="Trace code"):
        services.release(lot=made, by=None)
    complete(made)
    assert not made.is_held and made.missing == ""
    released = services.release(lot=made, by=None)
    assert released.certificate.startswith("CK20220315") and released.released_at == clock.now()
    assert services.release(lot=released, by=None).certificate == released.certificate


def test_what_a_lot_needs_is_shown_with_what_is_there(lot):
    made = lot()
    services.attach_paper(
        by=None, consignment=made.consignment, kind="CUSTOMS", number="A1", issued_on=date(2022, 3, 1)
    )
    shown = {row.code: (row.is_there, row.shown) for row in selectors.evidence(made)}
    assert shown["CUSTOMS"] == (True, "A1") and shown["NOTICE"] == (True, "") and shown["TEST"] == (False, "")
    assert list(shown) == [*ALL[:5], "NOTICE", "CONTAINER", *ALL[5:]]


def test_a_late_notice_holds_until_its_time_has_passed(lot, complete, trade):
    made = complete(lot(hours=20))
    assert made.reasons == ["NOTICE"]
    with clock.frozen(clock.now() + timedelta(hours=27)), pytest.raises(ValidationError, match="Notice before entry"):
        services.release(lot=made, by=None)
    with clock.frozen(clock.now() + timedelta(hours=28)):
        services.move(by=None, kind="MOVE", lot=made, pieces=10, from_place=trade.store, to_place=trade.market)
        assert not Lot.objects.get(pk=made.pk).is_held


def test_another_seal_than_on_the_papers_holds(announced, complete):
    coming = announced()
    (made,) = services.accept(
        consignment=coming, by=None, lots=[services.LotIn("P1", 100)], container_seen="CSQU3054383", seal_seen="CN9"
    )
    assert complete(made).reasons == ["CONTAINER"]


def test_a_wrong_check_digit_is_refused(announced):
    with pytest.raises(ValidationError, match="check digit"):
        announced(container="CSQU3054384")


def test_lots_must_add_up_to_what_was_announced_and_come_once(announced):
    coming = announced(pieces=10)
    with pytest.raises(ValidationError, match="Announced were 10 pieces, the lots have 9"):
        services.accept(consignment=coming, by=None, lots=[services.LotIn("P1", 9)])
    services.accept(consignment=coming, by=None, lots=[services.LotIn("P1", 4), services.LotIn("P2", 6)])
    with pytest.raises(ValidationError, match="already"):
        services.accept(consignment=coming, by=None, lots=[services.LotIn("P3", 10)])


def test_a_paper_out_of_date_does_not_count(lot, complete):
    made = complete(lot())
    paper = selectors.papers_of(made)[0]
    services.correct_paper(paper=paper, by=None, valid_until=date(2022, 3, 14))
    made.refresh_from_db()
    assert made.reasons == [paper.kind]


def test_a_paper_belongs_somewhere(lot):
    made, other = lot("P1"), lot("P2")
    for values, reason in (
        ({"kind": "OUTBOUND"}, "given by the release"),
        ({"consignment": None}, "choose one"),
        ({"lot": other}, "not of that consignment"),
    ):
        given = {"kind": "TEST", "consignment": made.consignment, **values}
        with pytest.raises(ValidationError, match=reason):
            services.attach_paper(by=None, number="1", issued_on=date(2022, 3, 1), **given)


def test_what_is_made_of_a_lot_lacks_what_it_lacks(lot, complete, trade):
    good, other = complete(lot("P1", 60)), complete(lot("P2", 40))
    mixed = services.divide(
        by=None, kind="MERGE", lots={good: 30, other: 10}, place=trade.store, to_place=trade.plant, number="M1", made=20
    )
    assert not mixed.is_held and mixed.consignment is None
    assert [(row.pieces, row.made) for row in Movement.objects.filter(to_lot=mixed).order_by("-pieces")] == [
        (30, 15),
        (10, 5),
    ]
    product = services.divide(by=None, kind="PROCESS", lots={mixed: 20}, place=trade.plant, number="S1", made=400)
    test = services.sample(by=None, lot=other, first_piece=1, last_piece=5, samples=5)
    services.report(test=test, by=None, positives=1, positive_pieces="3")
    product.refresh_from_db()
    good.refresh_from_db()
    assert product.is_positive and product.reasons == ["POSITIVE"] and product.rule == "goods.positive_at_port"
    assert not good.is_held


def test_a_red_lot_only_goes_back_or_is_destroyed(lot, trade):
    made = lot()
    for kind in ("MOVE", "SELL"):
        with pytest.raises(ValidationError, match="held"):
            services.move(by=None, kind=kind, lot=made, pieces=1, from_place=trade.store, to_place=trade.market)
    services.move(by=None, kind="RETURN", lot=made, pieces=40, from_place=trade.store)
    services.move(by=None, kind="DESTROY", lot=made, pieces=60, from_place=trade.store)
    assert selectors.stock_of(made) == []


IMPOSSIBLE = (
    ({"pieces": 101}, "100 pieces are there"),
    ({"from_place": None}, "come from"),
    ({"to_place": None}, "where the goods go"),
    ({"kind": "RECEIVE", "to_place": None}, "received"),
    ({"from_place": None, "to_place": None}, "come from or where they go"),
    ({"kind": "SPLIT"}, "Name the lot that is made"),
    ({"buyer_phone": "12"}, "phone"),
)


def test_a_movement_that_cannot_be_is_refused(lot, complete, trade):
    made = complete(lot())
    yet_to_come = ({"at": clock.now() + timedelta(hours=1)}, "yet to come")
    for values, reason in (*IMPOSSIBLE, yet_to_come):
        given = {"kind": "MOVE", "pieces": 5, "from_place": trade.store, "to_place": trade.market, **values}
        with pytest.raises(ValidationError, match=reason):
            services.move(by=None, lot=made, **given)


def test_stock_follows_from_movements(lot, complete, trade):
    made = complete(lot())
    services.move(by=None, kind="MOVE", lot=made, pieces=30, from_place=trade.store, to_place=trade.market)
    services.move(
        by=None, kind="SELL", lot=made, pieces=5, from_place=trade.market, buyer="王五", buyer_phone="13812345678"
    )
    assert selectors.stock_of(made) == [(trade.store, 70), (trade.market, 25)]
    assert [(row.lot, row.pieces) for row in selectors.stock_at(trade.market)] == [(made, 25)]
    assert [row.kind for row in selectors.movements_of(made)] == ["RECEIVE", "MOVE", "SELL"]


def test_samples_that_cannot_be_are_refused(lot):
    made = lot()
    for values, reason in (
        ({"first_piece": 90, "last_piece": 101}, "pieces 1 to 100"),
        ({"samples": 101}, "more samples than pieces"),
        ({"sampled_at": clock.now() + timedelta(hours=1)}, "yet to come"),
    ):
        with pytest.raises(ValidationError, match=reason):
            services.sample(by=None, lot=made, **values)


def test_results_that_cannot_be_are_refused(lot):
    test = services.sample(by=None, lot=lot(), first_piece=1, last_piece=15)
    for positives, pieces, reason in (
        (16, "", "more positive"),
        (1, "16", "numbers of the pieces"),
        (1, "x", "numbers"),
    ):
        with pytest.raises(ValidationError, match=reason):
            services.report(test=test, by=None, positives=positives, positive_pieces=pieces)
    services.report(test=test, by=None, positives=2, positive_pieces="7，3")
    test.refresh_from_db()
    assert (test.finding, test.positive_pieces) == ("POSITIVE", "3 7")
    with pytest.raises(ValidationError, match="already"):
        services.report(test=test, by=None, positives=0)


@pytest.mark.parametrize(
    ("ranges", "covered"),
    [
        ([], 0),
        ([(1, 100, 100)], 100),
        ([(1, 10, 10), (5, 20, 16)], 20),
        ([(1, 1303, 15)], 15),
        ([(90, 120, 31)], 11),
        ([(1, 50, 50), (10, 20, 11), (51, 100, 50)], 100),
    ],
)
def test_a_piece_counts_once_and_a_range_its_samples(ranges, covered):
    assert judging.covered(ranges, 100) == covered


@pytest.mark.parametrize(
    ("facts", "day", "grade"),
    [
        ({"temperature": Decimal(-18)}, date(2022, 8, 1), "COLD"),
        ({"temperature": Decimal(10)}, date(2022, 8, 1), "COLD"),
        ({}, date(2022, 8, 1), "HIGH"),
        ({"is_bulk": True}, date(2022, 8, 1), "LOW"),
        ({"touched": False}, date(2022, 8, 1), "LOW"),
        ({"disinfected": True}, date(2022, 8, 1), "LOW"),
        ({"departed_at": timedelta(hours=25)}, date(2022, 8, 1), "LOW"),
        ({"departed_at": timedelta(hours=24)}, date(2022, 8, 1), "HIGH"),
        ({"is_bulk": True}, date(2022, 6, 1), "HIGH"),
    ],
)
def test_the_grade_follows_from_the_facts(facts, day, grade):
    now = clock.now()
    given = {**FACTS, **facts}
    if given["departed_at"]:
        given["departed_at"] = now - given["departed_at"]
    assert rules.grade(given, policy.pack(disease="*", on=day), now) == grade


def test_a_disinfection_proof_makes_goods_of_the_shelf_low_risk(announced, frozen):
    with clock.frozen(clock.now() + timedelta(days=150)):
        coming = announced(temperature=Decimal(20), number="N1")
        (made,) = services.accept(
            consignment=coming,
            by=None,
            lots=[services.LotIn("N1", 100)],
            container_seen="CSQU3054383",
            seal_seen="CN12345",
        )
        assert made.consignment.grade == "HIGH" and made.reasons == ["CUSTOMS", "DISINFECTION"]
        for kind in ("CUSTOMS", "DISINFECTION"):
            services.attach_paper(by=None, consignment=coming, kind=kind, number=kind, issued_on=clock.today())
        made.refresh_from_db()
        coming.refresh_from_db()
        assert coming.grade == "LOW" and not made.is_held


def test_words_of_a_pack_nobody_knows_are_an_error():
    class Pack:
        def get(self, key, default=None):
            return ["a word"]

        def number(self, key):
            return 10

    with pytest.raises(PolicyError, match="sign of low risk"):
        rules.grade(FACTS, Pack(), clock.now())
    with pytest.raises(PolicyError, match="paper of goods"):
        rules.papers("COLD", Pack())
