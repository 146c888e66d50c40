"""The must-test round of each day makes itself, and the page by day opens who is missing by name."""

from datetime import timedelta

import pytest
from django.urls import reverse

from fangxian.core import clock, jobs, scope
from fangxian.core.areas import Area
from fangxian.core.clock import now
from fangxian.core.ids import uuid7
from fangxian.systems.people.models import Person
from fangxian.systems.testing import coverage, outcomes, services
from fangxian.systems.testing.models import GroupMember, LabResult, SamplingPoint, TestRound, Tube
from fangxian.systems.testing.services import Registration
from fangxian.workflows import testing_round
from fangxian.workflows.testing import days

pytestmark = pytest.mark.django_db
VILLAGE = "410883001212"


@pytest.fixture
def listed(county, frozen):
    """Three residents on the list of the fever clinic: tested every day."""
    area = Area.objects.get(code=VILLAGE)
    made = [Person(area=area, name=f"Resident {n}", id_type="NONE") for n in range(3)]
    people = Person.unscoped.bulk_create(made)
    GroupMember.unscoped.bulk_create(GroupMember(area=area, person=one, group="fever_clinic") for one in people)
    return people


@pytest.fixture
def point(county):
    return SamplingPoint.unscoped.create(area=Area.objects.get(code=VILLAGE), name="Square", code="P1")


def morning(day: int = 0):
    """Half past six of the frozen day, by the county's clock (half past ten the evening before, in UTC)."""
    return now().replace(hour=22, minute=30) + timedelta(days=day - 1)


def swab(point, people, barcode):
    rows = [Registration(n, uuid7(), one.pk, barcode, 10, point.pk, now()) for n, one in enumerate(people)]
    return services.register_samples(rows, by=None)


def test_every_day_has_its_round_opened_at_its_hour_and_finished_the_day_after(listed):
    midnight = morning() - timedelta(hours=6)
    with clock.frozen(midnight), scope.everywhere("test"):
        assert days.plan_days() == {"finished": 0, "planned": 1}
        assert days.plan_days() == {"finished": 0, "planned": 0}
        assert days.look()["opened"] == 0
    with clock.frozen(morning()), scope.everywhere("test"):
        assert days.look()["opened"] == 1
        assert days.look()["opened"] == 0
        today_ = TestRound.objects.get()
        assert (today_.area_id, today_.disease, today_.state) == ("410883", "covid19", "OPEN")
        assert coverage.figures(today_).missing == 3
    with clock.frozen(midnight + timedelta(days=1)), scope.everywhere("test"):
        assert days.plan_days() == {"finished": 1, "planned": 1}
        assert TestRound.objects.get(pk=today_.pk).state == "CLOSED"


def test_nobody_on_a_list_no_round(county, frozen):
    assert days.plan_days() == {"finished": 0, "planned": 0}


def test_the_page_opens_the_missing_by_name(listed, point, officer, sign_in):
    at = morning()
    with clock.frozen(at):
        days.plan_days()
        days.look()
        with scope.everywhere("test"):
            swab(point, listed[:2], "T1")
        who = officer("sampler")
        reader = sign_in(who)
        page = reader.get(reverse("must_test_days")).content.decode()
        assert "67 %" in page and "1 not tested yet" in page
        url = f"{reverse('round_people', args=[TestRound.unscoped.get().pk])}?state=0&amp;group=fever_clinic"
        assert url in page
        missing = reader.get(url.replace("&amp;", "&")).content.decode()
        assert "Resident 2" in missing and "Resident 1" not in missing
    with clock.frozen(at + timedelta(days=20)):
        assert "No must-test round in two weeks" in sign_in(who).get(reverse("must_test_days")).content.decode()


def test_a_positive_pool_that_was_missed_is_followed(listed, point):
    with clock.frozen(morning()), scope.everywhere("test"):
        days.plan_days()
        days.look()
        swab(point, listed, "T1")
        tube = Tube.objects.get()
        LabResult.objects.create(tube=tube, area=tube.area, disease="covid19", value="POSITIVE", laboratory="L",
                                 tested_at=now())  # fmt: skip
        outcomes.follow([tube.pk])
        assert days.look()["open_pools"] == 1
        assert set(coverage.members(TestRound.objects.get(), state=coverage.State.RECALL).values_list(
            "person__test_duties__stage", flat=True)) == {"single"}  # fmt: skip


def test_what_reaches_a_closed_round_makes_its_figures_anew(listed, point, officer, sign_in):
    with clock.frozen(morning()), scope.everywhere("test"):
        days.plan_days()
        days.look()
        swab(point, listed[:2], "T1")
        closed = testing_round.finish(by=None, round_id=TestRound.objects.get().pk)
        assert closed.closing["total"]["pending"] == 2
        services.enter_result(by=None, barcode="T1", disease="covid19", value="NEGATIVE", tested_at=now(),
                              laboratory="L")  # fmt: skip
        jobs.run_pending()
        again = TestRound.objects.get()
        assert again.closing["total"]["negative"] == 2
        assert [one["difference"] for one in again.closing["changes"]] == [{"pending": -2, "negative": 2}]
        swab(point, listed[2:], "T2")  # sampled before the end, told after it
        jobs.run_pending()
        assert TestRound.objects.get().closing["changes"][-1]["difference"] == {
            "tested": 1,
            "pending": 1,
            "missing": -1,
        }
        board = sign_in(officer("sampler")).get(reverse("round", args=[closed.pk])).content.decode()
        assert "Changed after the end" in board and "Result pending <strong>-2</strong>" in board


def test_a_tube_is_lost_and_found_on_its_pages(listed, point, officer, sign_in):
    with clock.frozen(morning()):
        days.plan_days()
        days.look()
        with scope.everywhere("test"):
            swab(point, listed, "T1")
            tube = Tube.objects.get()
            box = services.pack_batch(by=None, point=point, number="B1", laboratory="CDC", barcodes=["T1"])
        sampler = sign_in(officer("sampler"))
        test_round = TestRound.unscoped.get()
        said = sampler.post(reverse("tube_lost", args=[tube.pk]), {"reason": ""}, follow=True).content.decode()
        assert "Say why" in said
        said = sampler.post(reverse("tube_lost", args=[tube.pk]), {"reason": "fell"}, follow=True).content.decode()
        assert "Tube lost" in said and "The tube was found" in said
        with scope.everywhere("test"):
            assert coverage.figures(test_round).missing == 3
        said = sampler.post(reverse("tube_found", args=[tube.pk]), follow=True).content.decode()
        assert "Found again" in said
        with scope.everywhere("test"):
            assert coverage.figures(test_round).pending == 3
        none = sampler.post(reverse("tube_batch_lost", args=[box.pk]), {"reason": "fire"}, follow=True)
        assert "Choose the tubes first" in none.content.decode()
        sampler.post(reverse("tube_batch_lost", args=[box.pk]), {"reason": "fire", "tube": [str(tube.pk)]})
        assert Tube.unscoped.get().shipment == "LOST"
