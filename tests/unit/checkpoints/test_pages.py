"""The pages of checkpoints: a point, a passage, a vehicle, a shift with its sheet, a manifest."""

import pytest
from django.test import Client
from django.urls import reverse

from fangxian.core import records, scope
from fangxian.core.clock import now
from fangxian.systems.checkpoints import manifests, services
from fangxian.systems.checkpoints.models import Consignment, Manifest, Passage, Passenger
from tests.unit.checkpoints.test_shifts import shifts  # noqa: F401  (the same shifts)

pytestmark = pytest.mark.django_db


@pytest.fixture
def see(guard):
    """`see(0)`: the browser of a guard; answers carry the page's text."""

    def make(number=0):
        client = Client(headers={"accept-language": "en"})
        guard[number].language = "en"
        guard[number].save()
        client.force_login(guard[number], backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return make


def text(client, name, *args):
    with scope.use(None):
        answer = client.get(reverse(name, args=args))
    assert answer.status_code == 200
    return answer.content.decode()


def post(client, name, *args, **values):
    with scope.use(None):
        return client.post(reverse(name, args=args), values, follow=True).content.decode()


def test_a_point_shows_its_exceptions_first_and_settles_them(see, point, passed):
    fine, bad = passed(), passed(code_state="RED", plate="豫U00002")
    page = text(see(), "point", point.pk)
    assert (
        page.index("Exceptions first") < page.index("Last passages") and "豫U**002" in page and "豫U00002" not in page
    )
    assert "Red code" in text(see(), "passage", bad.pk) and "Nothing stood out" in text(see(), "passage", fine.pk)
    assert point.name in text(see(), "points")
    assert "Say why" in post(see(), "passage_settle", bad.pk, outcome="")
    assert "Settled." in post(see(), "passage_settle", bad.pk, outcome="sent to the fever clinic")
    assert "Settled by" in text(see(), "passage", bad.pk)
    assert "Usual purpose" in text(see(), "vehicle", bad.vehicle_id)


def test_a_shift_is_handed_over_by_two_persons(see, point, passed, shifts):  # noqa: F811
    passed(code_state="YELLOW")
    assert "on duty" in post(see(), "shift_begin", shifts[0].pk)
    page = post(see(), "shift_hand_over", shifts[0].pk, thing=["Radios", ""], state=["4", ""], note="light broken")
    assert "somebody of the coming shift signs" in page and "light broken" in page
    assert "two persons" in post(see(), "shift_take_over", shifts[0].pk)
    assert "Your shift is on duty" in post(see(1), "shift_take_over", shifts[0].pk, objection="3 radios")
    page = text(see(), "shift", shifts[0].pk)
    assert "3 radios" in page and "data-print" in page
    assert "Figures so far" in text(see(), "shift", shifts[1].pk)


def test_a_manifest_is_matched_decided_and_closed(see, point):
    flight = records.create(Manifest, by=None, action="test.made", area=point.area, point=point, number="MU1/1",
                            from_code="419001", from_name="济源市", arrives_at=now())  # fmt: skip
    manifests.save_passenger(by=None, values={"area": point.area, "manifest": flight, "seat": "1A", "name": "张三"})
    cold = records.create(Consignment, by=None, action="test.made", area=point.area, manifest=flight, waybill="7-1",
                          goods="带鱼", is_cold=True)  # fmt: skip
    assert "not asked yet" in text(see(), "manifest", flight.pk)
    assert "Goods without proof" in post(see(), "manifest_match", flight.pk)
    seat = Passenger.objects.get()
    assert "Choose what is decided" in post(see(), "passenger_decide", seat.pk, decision="x")
    post(see(), "passenger_decide", seat.pk, decision="LET_THROUGH")
    assert "Still to be decided" in post(see(), "manifest_close", flight.pk)
    assert "without proof" in post(see(), "consignment_treat", cold.pk, act="RELEASED")
    post(see(), "consignment_treat", cold.pk, act="HELD", why="sampled")
    assert "The run is closed" in post(see(), "manifest_close", flight.pk)


def test_what_went_is_in_no_byte_of_the_store(passed, tmp_path, point):
    from fangxian.faces.cli import bytescan
    from fangxian.systems.checkpoints import retention

    old = passed(name="张三")
    Passage.unscoped.filter(pk=old.pk).update(passed_at="2022-01-01T00:00:00Z")
    ends = list(retention.traces_before(now()))
    (tmp_path / "before").write_text("x" * 100 + ends[0] + "x", "utf-8")
    (tmp_path / "after").write_text("nothing", "utf-8")
    assert len(ends) >= 2 and bytescan.scan_texts(tmp_path, ends).hits == {"before": 1}
    assert retention.some_traces(10) and bytescan.scan_texts(tmp_path, []).hits == {}
    services.purge(before=now())
    assert list(retention.traces_before(now())) == [] == retention.some_traces(10)
