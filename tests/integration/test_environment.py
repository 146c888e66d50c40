"""What may be sampled and reported, what an order needs before it is accepted, what a positive sample asks for."""

from datetime import timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from fangxian.core import clock, jobs, records, scope
from fangxian.core.areas import Area
from fangxian.core.jobs import Job
from fangxian.core.permissions import Refused
from fangxian.registers import attachments, imports
from fangxian.registers import site as registers
from fangxian.registers.sheets import Table
from fangxian.systems.cases.models import Case
from fangxian.systems.command import services as command
from fangxian.systems.command.models import Task
from fangxian.systems.environment import selectors, services
from fangxian.systems.environment.models import EnvironmentOrder, EnvironmentSample, MonitoringPoint
from fangxian.systems.environment.words import Lacking
from fangxian.systems.goods import services as goods
from fangxian.systems.goods.models import GoodsPlace, GoodsTest, Lot, Recall, Worker
from fangxian.systems.people.models import Person
from fangxian.systems.testing.models import TestDuty
from fangxian.workflows import contaminated_goods, environment_positive
from tests.registers.samples import MOMENT, row_values

pytestmark = pytest.mark.django_db
PROOF = {"agent": "chlorine", "mg_per_litre": 1000, "minutes": 30}
PHOTO = b"\x89PNG\r\n\x1a\nx"


@pytest.fixture(autouse=True)
def _in_scope():
    with scope.everywhere("test"), clock.frozen(MOMENT):
        yield


@pytest.fixture
def town(county) -> Area:
    return Area.objects.get(code="410883001")


def taken(town, barcode="E1", **values):
    return services.take(by=None, area=town, where="Market", barcode=barcode, **values)


def signed_in(who) -> Client:
    """A session of somebody whose second factor is set up."""
    Authenticator.objects.get_or_create(user=who, type=Authenticator.Type.TOTP, defaults={"data": {}})
    client = Client()
    client.force_login(who)
    return client


def later(hours: float):
    return clock.frozen(MOMENT + timedelta(hours=hours))


def test_a_result_comes_once_and_after_its_sample(town):
    with pytest.raises(ValidationError):
        taken(town, sampled_at=MOMENT + timedelta(minutes=1))
    sample = taken(town)
    assert sample.due_at - sample.sampled_at == timedelta(hours=24)
    for result, at in (("NEGATIVE", MOMENT - timedelta(hours=1)), ("PENDING", MOMENT), ("odd", MOMENT)):
        with pytest.raises(ValidationError):
            services.report(sample=sample, by=None, result=result, at=at)
    services.report(sample=sample, by=None, result="UNCLEAR")
    known = services.report(sample=sample, by=None, result="NEGATIVE")
    assert services.report(sample=sample, by=None, result="NEGATIVE").version == known.version
    with pytest.raises(ValidationError, match="contradicts"):
        services.report(sample=sample, by=None, result="POSITIVE")
    with pytest.raises(ValidationError):
        services.change(sample=known, by=None, where="elsewhere")
    with pytest.raises(ValidationError):
        taken(town)  # the barcode is taken


def test_a_laboratory_reports_by_its_sheet_and_nobody_reports_an_own_sample(town, officer):
    register, bench = registers.get("environment.environmentsample"), officer("laboratory")
    swab = taken(town, "E5", kind="GOODS", sampled_by=officer("cold_chain_keeper", name="李库管").name)
    headings = ["id", "area", "where", "barcode", "result"]

    def bring(by, result, code="E5", pk=swab.pk):
        table = Table(headings, [[str(pk or ""), town.code, "Market", code, result]])
        with register.scope(by, "import"):
            return imports.run(register, table, by=by)

    assert [bring(bench, word).updated for word in ("可疑", "阴性", "阴性")] == [1, 1, 0]
    assert "contradicts" in bring(bench, "阳性").rejects[0].reason
    own = bring(bench, "阴性", "E6", "")
    assert own.rejected == 1 and "You took this sample" in own.rejects[0].reason
    assert "environment_samples.report" in bring(officer("duty_officer"), "阴性", "E7", "").rejects[0].reason
    both = officer("laboratory", name="李库管")
    with pytest.raises(ValidationError, match="You took this sample"):
        services.correct(sample=selectors.sample(swab.pk), by=both, result="POSITIVE", reason="tubes were swapped")


def test_an_order_is_proved_checked_by_a_sample_and_accepted_by_somebody_else(town, officer):
    duty, other = officer("duty_officer"), officer("duty_officer")
    order = services.order(by=duty, area=town, where="Market", role="duty_officer")
    task = order.task
    assert task.due_at == MOMENT + timedelta(hours=12) and "1000" in task.instructions_text
    with pytest.raises(ValidationError, match="Not yet"):
        command.finish(task=task, by=duty)  # without the proof
    with pytest.raises(ValidationError):
        services.prove(order=order, by=duty, agent="water")
    with later(1):
        proved = services.prove(order=order, by=duty, **{**PROOF, "mg_per_litre": 500})
    assert services.lacking(proved) == [Lacking.STRENGTH, Lacking.PHOTO, Lacking.SAMPLE]
    with later(2):
        with pytest.raises(Refused):
            services.accept(order=proved, by=duty)
        command.send_back(task=proved.task, by=other, reason="too weak by half")
        again = services.prove(order=selectors.order(order.pk), by=duty, **PROOF)
    assert again.times_sent_back == 1
    attachments.attach(again, name="a.png", content=PHOTO, by=duty)
    with pytest.raises(ValidationError):
        taken(town, "E2", order=again)  # before the work
    with later(3):
        check = taken(town, "E2", order=again)
        services.report(sample=check, by=None, result="NEGATIVE")
        accepted = services.accept(order=selectors.order(order.pk), by=other)
    assert (accepted.state, accepted.accepted_by, accepted.task.status) == ("ACCEPTED", other, "CHECKED")


def test_a_positive_check_sends_the_order_back(town, officer):
    duty = officer("duty_officer")
    order = services.prove(
        order=services.order(by=duty, area=town, where="Market", role="duty_officer"), by=duty, **PROOF
    )
    with later(1):
        services.report(sample=taken(town, order=order), by=None, result="POSITIVE")
        acted = environment_positive.on_positive(sample_id=order.samples.get().pk, by=None)
    again = selectors.order(order.pk)
    assert (again.state, again.times_sent_back, again.done_at, acted.order) == ("ORDERED", 1, None, None)


def test_a_village_round_is_given_once_and_can_be_given_up(town, officer):
    made = services.begin_round(by=None, villages=[town], name="spring")
    assert {row.kind for row in made} == {"RUBBISH", "WATER", "TOILETS", "VECTORS"}
    assert services.begin_round(by=None, villages=[town], name="spring") == []
    moved = services.change_order(order=made[0], by=None, spot="at the well")
    assert "at the well" in moved.task.instructions_text
    command.withdraw(task=moved.task, by=None, reason="done by the county")
    assert selectors.order(moved.pk).state == "WITHDRAWN"
    with pytest.raises(ValidationError):
        services.change_order(order=selectors.order(moved.pk), by=None, spot="elsewhere")


def test_a_day_without_sewage_sample_is_a_gap(town):
    point = records.create(MonitoringPoint, by=None, action="test.made", area=town, name="Works",
                           opened_on=MOMENT.date() - timedelta(days=3))  # fmt: skip
    for days in (3, 1):
        taken(town, f"W{days}", point=point, sampled_at=MOMENT - timedelta(days=days))
    day = MOMENT.date()
    found = selectors.feed(day - timedelta(days=4), day, area_code="410883")[0]
    assert list(found.days.values()) == ["NOT_DUE", "PENDING", "MISSING", "PENDING", "NOT_DUE"]
    assert found.missing == 1
    weekly = records.change(point, by=None, action="test.changed", every_days=7)
    assert selectors.feed(day, day)[0].missing == 0 and weekly.every_days == 7
    with pytest.raises(ValidationError):
        services.take(by=None, area=Area.objects.get(code="410882001"), where="x", barcode="y", point=point)


def test_a_positive_store_is_disinfected_its_goods_and_workers_tested(town):
    store = records.create(GoodsPlace, by=None, action="t", **row_values(GoodsPlace, town))
    lot = goods.take_stock(by=None, place=store, number="L1", goods="pork", pieces=10)
    person = records.create(Person, by=None, action="t", **row_values(Person, town))
    records.create(Worker, by=None, action="t", area=town, place=store, person=person, job="PORTER",
                   from_on=MOMENT.date() - timedelta(days=30))  # fmt: skip
    sample = taken(town, kind="GOODS", about=("goods.goodsplace", store.pk))
    services.report(sample=sample, by=None, result="POSITIVE")
    assert Job.objects.filter(kind="environment.positive").count() == 1
    acted = environment_positive.on_positive(sample_id=sample.pk, by=None)
    again = environment_positive.on_positive(sample_id=sample.pk, by=None)
    assert (acted.order.pk, acted.task.pk) == (again.order.pk, again.task.pk)
    assert (acted.goods_tests, again.goods_tests) == (1, 0)
    assert GoodsTest.objects.get().lot == lot and TestDuty.objects.get().person == person
    assert "1 lots" in environment_positive.report(selectors.sample(sample.pk))
    services.correct(sample=selectors.sample(sample.pk), by=None, result="NEGATIVE", reason="tubes were swapped")
    assert EnvironmentOrder.objects.get().state == "WITHDRAWN"
    assert not Task.objects.filter(subject_id=sample.pk, status__in=Task.OPEN).exists()
    assert environment_positive.on_positive(sample_id=sample.pk, by=None) is None


def test_a_swab_entered_by_hand_reaches_the_lots_of_its_store(town, officer):
    store = records.create(GoodsPlace, by=None, action="t", **row_values(GoodsPlace, town))
    lot = goods.take_stock(by=None, place=store, number="L1", goods="pork", pieces=10)
    client = signed_in(officer("duty_officer"))
    add = next(part for part in unescape(client.get(f"/goods/places/{store.pk}/").content.decode()).split('"')
               if "subject_kind=goods.goodsplace" in part)  # fmt: skip
    given = {name: values[0] for name, values in parse_qs(urlsplit(add).query).items()}
    assert str(store.pk) in client.get(add).content.decode() and given["where"] == str(store)
    assert "subject_kind=goods.lot" in client.get(f"/goods/lots/{lot.pk}/").content.decode()
    refused = client.post(add, {**given, "subject_id": "no such store", "barcode": "B1"}).content.decode()
    assert "no such store" in refused and not EnvironmentSample.objects.exists()
    assert "which one" in client.post(add, {**given, "subject_id": "", "barcode": "B1"}).content.decode()
    client.post(add, {**given, "subject_id": str(store), "barcode": "B1"})
    sample = EnvironmentSample.objects.get()
    assert (sample.subject_kind, sample.subject_id) == ("goods.goodsplace", store.pk)
    assert f"goods.goodsplace/{store.pk}" in client.get(f"/environment/samples/{sample.pk}/").content.decode()
    services.report(sample=sample, by=None, result="POSITIVE")
    assert environment_positive.on_positive(sample_id=sample.pk, by=None).goods_tests == 1


def test_a_positive_sample_of_a_lot_is_a_positive_test_of_it(town):
    store = records.create(GoodsPlace, by=None, action="t", **row_values(GoodsPlace, town))
    lot = goods.take_stock(by=None, place=store, number="L1", goods="pork", pieces=10)
    sample = taken(town, kind="GOODS", about=("goods.lot", lot.pk))
    services.report(sample=sample, by=None, result="POSITIVE")
    for _time in range(2):
        environment_positive.on_positive(sample_id=sample.pk, by=None)
    assert Lot.objects.get().is_positive and GoodsTest.objects.get().pk == sample.pk


def test_the_pages_lead_from_the_order_to_its_acceptance(town, officer):
    duty, other = officer("duty_officer"), officer("duty_officer")
    order = services.order(by=duty, area=town, where="Market", role="duty_officer")
    here = f"/environment/orders/{order.pk}/"
    first, second = signed_in(duty), signed_in(other)
    assert first.post(here + "proof/", {"agent": "chlorine"}).status_code == 422
    photo = SimpleUploadedFile("a.png", PHOTO)
    with later(1):
        first = signed_in(duty)  # a session left alone for an hour ends
        assert first.post(here + "proof/", {**PROOF, "photo": photo}).status_code == 302
    with later(2):
        first = signed_in(duty)
        first.post(here + "check/", {"barcode": "E9"})
        found = selectors.order(order.pk).samples.get()
        at = f"/environment/samples/{found.pk}/"
        bench = signed_in(officer("laboratory"))
        assert first.post(at + "result/", {"result": "POSITIVE"}).status_code == 403
        bench.post(at + "result/", {"result": "POSITIVE"})
        bench.post(at + "result/", {"result": "NEGATIVE", "reason": "tubes were swapped"})
        assert "tubes were swapped" in bench.get(at).content.decode()
    assert selectors.order(order.pk).state == "ORDERED"  # the positive check had sent it back
    with later(3):
        first = signed_in(duty)
        second = signed_in(other)
        first.post(here + "proof/", PROOF)
        services.report(sample=taken(town, "E10", order=selectors.order(order.pk)), by=None, result="NEGATIVE")
        second.post(here + "decide/", {"reason": "the floor was left out"})
        assert "sent back" in second.get(here).content.decode()
        first.post(here + "proof/", PROOF)
        second.post(here + "decide/", {"accept": "1"})
    assert selectors.order(order.pk).state == "ACCEPTED"
    first = signed_in(duty)
    village = Area.objects.filter(kind=Area.Kind.VILLAGE, parent=town).first() or town
    first.post("/environment/round/", {"town": town.pk, "name": "spring"})
    page = first.get("/environment/").content.decode()
    assert str(village) in page and "spring" in page


def test_a_case_shows_what_was_near_it(town, officer):
    duty = officer("duty_officer")
    case = records.create(Case, by=None, action="t", **row_values(Case, town))
    store = records.create(GoodsPlace, by=None, action="t", **row_values(GoodsPlace, town))
    goods.take_stock(by=None, place=store, number="L1", goods="pork", pieces=10)
    records.create(Worker, by=None, action="t", area=town, place=store, person=case.person, job="PORTER",
                   from_on=MOMENT.date() - timedelta(days=30))  # fmt: skip
    taken(town, why="CASE", because=("cases.case", case.pk))
    client = signed_in(duty)
    for _time in range(2):
        assert client.post(f"/cases/{case.pk}/disinfect/").status_code == 302
    page = client.get(f"/cases/{case.pk}/?tab=around").content.decode()
    assert "L1 pork" in page and "E1" in page
    assert EnvironmentOrder.objects.get().because_id == case.pk


@pytest.fixture
def recalled(town):
    """A lot recalled because of a positive sample of it: two places hold it, one person handles it."""
    store = records.create(GoodsPlace, by=None, action="t", **row_values(GoodsPlace, town))
    market = records.create(GoodsPlace, by=None, action="t", **{**row_values(GoodsPlace, town), "name": "Market"})
    person = records.create(Person, by=None, action="t", **row_values(Person, town))
    records.create(Worker, by=None, action="t", area=town, place=store, person=person, job="PORTER",
                   from_on=MOMENT.date() - timedelta(days=30))  # fmt: skip
    lot = goods.take_stock(by=None, place=store, number="L1", goods="pork", pieces=10)
    goods.move(by=None, kind="MOVE", lot=lot, pieces=4, from_place=store, to_place=market)
    sample = taken(town, kind="GOODS", about=("goods.lot", lot.pk))
    services.report(sample=sample, by=None, result="POSITIVE")
    with later(1):
        jobs.run_pending()
        contaminated_goods.recall(lot=Lot.objects.get(), by=None)
    return Lot.objects.get(), selectors.sample(sample.pk)


def open_tasks() -> int:
    return Task.objects.filter(status__in=Task.OPEN).exclude(subject_kind="environment.environmentorder").count()


def test_a_corrected_sample_takes_its_goods_test_back_and_the_recall_that_rests_on_it(recalled):
    lot, sample = recalled
    assert lot.is_positive and Recall.objects.get().test_id == sample.pk and open_tasks() > 1
    with later(2):
        services.correct(sample=sample, by=None, result="NEGATIVE", reason="tubes were swapped")
    test, recall, judged = GoodsTest.objects.get(pk=sample.pk), Recall.objects.get(), Lot.objects.get()
    assert (test.finding, test.positives, test.correction) == ("VOID", 0, "tubes were swapped")
    assert (judged.is_positive, "RECALLED" in judged.reasons) == (False, False)
    assert (recall.is_withdrawn, recall.correction) == (True, "tubes were swapped") and recall.closed_at
    assert (open_tasks(), TestDuty.objects.filter(state="DUE").count()) == (0, 0)
    assert not GoodsTest.objects.filter(finding="PENDING").exists()


def test_a_recall_stays_that_another_positive_holds(recalled, officer):
    lot, sample = recalled
    with later(2):
        goods.report(test=goods.sample(by=None, lot=lot, last_piece=2), by=None, positives=1, positive_pieces="2")
        services.correct(sample=sample, by=None, result="NEGATIVE", reason="tubes were swapped")
        recall = Recall.objects.get()
        assert (recall.closed_at, recall.correction) == (None, "tubes were swapped")
        assert recall.test.positive_pieces == "2" and Lot.objects.get().is_positive and open_tasks() > 0
        client = signed_in(officer("investigator"))
        page = client.get(f"/goods/recalls/{recall.pk}/").content.decode()
        assert "tubes were swapped" in page and "another positive test" in page
        client.post(f"/goods/tests/{recall.test_id}/report/", {"reason": "wrong lot"})
        page = client.get(f"/goods/recalls/{recall.pk}/").content.decode()
    assert Recall.objects.get().is_withdrawn and "wrong lot" in page and "Recall withdrawn" in page


def test_a_sample_positive_after_all_begins_again(recalled):
    lot, sample = recalled
    with later(2):
        services.correct(sample=sample, by=None, result="UNCLEAR", reason="tubes were swapped")
        jobs.run_pending()
        services.correct(sample=selectors.sample(sample.pk), by=None, result="POSITIVE", reason="they were not")
        jobs.run_pending()
        assert Lot.objects.get().is_positive and GoodsTest.objects.get(pk=sample.pk).correction == ""
        assert Task.objects.filter(subject_kind="goods.lot", status__in=Task.OPEN).count() == 1
        contaminated_goods.recall(lot=Lot.objects.get(), by=None)
    assert list(Recall.objects.order_by("started_at").values_list("is_withdrawn", flat=True)) == [True, False]
