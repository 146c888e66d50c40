"""The pages of goods, as a keeper and a duty officer use them."""

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from fangxian.core import clock
from fangxian.core.audit import AuditEntry
from fangxian.systems.goods import selectors, services
from fangxian.systems.goods.models import Lot, RecallLine

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


@pytest.fixture
def desk(officer):
    client = Client(headers={"accept-language": "en"})
    client.force_login(officer("cold_chain_keeper"))
    return client


@pytest.fixture
def laboratory(officer):
    """A laboratory's session: it sees the tests and nothing else of the trade."""
    who = officer("laboratory")
    Authenticator.objects.create(user=who, type=Authenticator.Type.TOTP, data={})
    client = Client(headers={"accept-language": "en"})
    client.force_login(who)
    return client


def opened(client, name, *args, query="") -> str:
    answer = client.get(reverse(name, args=args) + query)
    assert answer.status_code == 200
    return answer.content.decode()


def sent(client, name, pk, follow=True, **values) -> str:
    answer = client.post(reverse(name, args=[pk]), values, follow=follow)
    return answer.content.decode()


def test_an_empty_board_teaches(desk, county):
    page = opened(desk, "goods")
    assert "Nothing is announced" in page and "No lot is held" in page


def test_a_keeper_takes_in_and_is_held(desk, laboratory, announced, trade):
    coming = announced()
    assert coming.number in opened(desk, "goods")
    refused = sent(desk, "goods_accept", coming.pk, lots="P1")
    assert "one lot a line" in refused and ">P1</textarea>" in refused
    page = sent(desk, "goods_accept", coming.pk, container="CSQU3054383", seal="CN12345", lots="P1 100\n")
    assert "Red: held" in page and "is missing" in page
    lot = Lot.objects.get(number="P1")
    assert "This lot is held" in sent(desk, "goods_release", lot.pk)
    assert "day it was issued" in sent(
        desk, "goods_paper", coming.pk, kind="CUSTOMS", number="1", issued_on="2022-02-31"
    )
    for kind, _word in selectors.paper_choices():
        page = sent(desk, "goods_paper", coming.pk, kind=kind, number="1", issued_on="2022-03-01", lot=lot.pk)
    assert "Customs declaration · 1" in page
    for surface in ("OUTER", "INNER"):
        sent(desk, "goods_sample", lot.pk, surface=surface, first_piece="1", last_piece="100")
    first = selectors.tests_of(lot)[0].pk
    assert desk.post(reverse("goods_report", args=[first]), {"positives": "0"}).status_code == 403
    assert "goods_report" not in page and laboratory.get(reverse("goods_lot", args=[lot.pk])).status_code == 403
    assert "more positive" in sent(laboratory, "goods_report", first, positives="x")
    for test in selectors.tests_of(lot):
        assert "The result is written down" in sent(laboratory, "goods_report", test.pk, positives="0")
    assert "Green: complete" in opened(desk, "goods_lot", lot.pk)
    assert "Released, with its outbound certificate" in sent(desk, "goods_release", lot.pk)
    assert desk.get(reverse("goods") + "?q=P1").url == reverse("goods_lot", args=[lot.pk])
    assert "No lot of your areas" in opened(desk, "goods", query="?q=P9")


def test_a_recall_in_one_click_and_step_by_step(desk, lot, complete, trade, worker):
    worker(trade.store)
    made = complete(lot())
    assert "Say why this lot" in sent(desk, "goods_recall_start", made.pk)
    test = services.sample(by=None, lot=made, last_piece=15)
    services.report(test=test, by=None, positives=5)
    page = sent(desk, "goods_recall_start", made.pk)
    assert "every holder stands on this list" in page and "5 of 15 samples positive" in page
    line = RecallLine.objects.get()
    for act, word in (("tell", "Holder told"), ("stop", "Sale and use stopped")):
        assert word in sent(desk, "goods_holder", line.pk, act=act)
    assert "counted from 0" in sent(desk, "goods_holder", line.pk, act="account", sealed="-1")
    assert "more than the 100" in sent(desk, "goods_holder", line.pk, act="account", sealed="101")
    assert "Recall closed" in sent(desk, "goods_holder", line.pk, act="account", destroyed="100")
    assert "under recall" not in opened(desk, "goods_lot", made.pk) and "was recalled" in opened(
        desk, "goods_lot", made.pk
    )
    assert "chain-data" in opened(desk, "goods_lot", made.pk, query="?tab=way")
    assert "none on record" in opened(desk, "goods_lot", made.pk, query="?tab=people")
    assert "Overdue" in opened(desk, "goods_place", trade.store.pk)


def test_people_of_other_areas_are_counted_and_not_named(desk, officer, lot, complete, trade, worker):
    worker(trade.store)
    worker(trade.shop, name="王远方")
    made = complete(lot())
    services.move(by=None, kind="MOVE", lot=made, pieces=3, from_place=trade.store, to_place=trade.shop)
    for role, named, others in (("cold_chain_keeper", 1, True), ("inspector", 0, True)):
        client = Client(headers={"accept-language": "en"})
        client.force_login(officer(role))
        page = opened(client, "goods_lot", made.pk, query="?tab=people")
        assert page.count("none on record") == named and ("of other areas" in page) == others and "王" not in page
        assert AuditEntry.objects.filter(action="goods.handlers_read").count() == 1
    assert AuditEntry.objects.get(action="goods.handlers_read").detail == {"people": 1, "others": 1}
    assert "1 more person" in opened(client, "goods_place", trade.store.pk)


def test_a_neighbours_lot_is_not_there(officer, lot, complete):
    made = lot()
    client = Client()
    client.force_login(officer("cold_chain_keeper", area="410882001"))
    assert client.get(reverse("goods_lot", args=[made.pk])).status_code == 404
    assert client.post(reverse("goods_recall_start", args=[made.pk])).status_code == 404


def test_a_late_notice_shows_until_when(desk, announced):
    coming = announced(hours=1)
    assert "holds until" in opened(desk, "goods_consignment", coming.pk) and clock.now()
