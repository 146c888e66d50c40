"""The pages of rounds: a point registers and packs, the laboratory counts in and takes its file, the board explains."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from fangxian.core import jobs, scope
from fangxian.core.areas import Area
from fangxian.core.clock import now
from fangxian.core.ids import uuid7
from fangxian.registers import sheets
from fangxian.systems.command.models import Task
from fangxian.systems.people.models import Person
from fangxian.systems.testing import coverage, services
from fangxian.systems.testing.models import LabAccident, SamplingPoint, TestRound, TubeBatch

pytestmark = pytest.mark.django_db
VILLAGE = "410883001212"


@pytest.fixture
def people(county):
    """Four residents of the village."""
    area = Area.objects.get(code=VILLAGE)
    return Person.unscoped.bulk_create(Person(area=area, name=f"Resident {n}", id_type="NONE") for n in range(4))


@pytest.fixture
def test_round(people) -> TestRound:
    """A round under way in the village since an hour."""
    with scope.everywhere("test"):
        planned = services.plan_round(
            by=None, area=Area.objects.get(code=VILLAGE), name="Round 1", disease="covid19",
            begins_at=now() - timedelta(hours=1), ends_at=now() + timedelta(hours=5),
        )  # fmt: skip
        return services.open_round(by=None, test_round=planned)


@pytest.fixture
def point(test_round) -> SamplingPoint:
    """Its point."""
    return SamplingPoint.unscoped.create(area=test_round.area, name="Square", code="P1")


@pytest.fixture
def sampler(officer, client):
    """A sampler of the county, signed in."""
    client.force_login(officer("sampler"))
    return client


def register(client, point, person, tube="T1", size=5) -> str:
    asked = {"tube": tube, "size": size, "who": str(person.pk)}
    return client.post(reverse("sampling_register", args=[point.pk]), asked, follow=True).content.decode()


def test_a_tube_fills_up_and_the_next_begins(sampler, point, people, test_round):
    assert "Resident 0 is registered" in register(sampler, point, people[0], size=1)
    page = sampler.get(reverse("sampling_point", args=[point.pk]) + "?tube=T1").content.decode()
    assert "The tube is full" in page and "1 / 1" in page
    assert "More samples than the tube takes" in register(sampler, point, people[1], size=1)
    assert "is in this tube already" in register(sampler, point, people[0], size=1)
    assert "Person in two open tubes" in register(sampler, point, people[0], tube="T2")
    nobody = sampler.post(
        reverse("sampling_register", args=[point.pk]),
        {"tube": "T3", "size": 5, "who": "410883199001010011"},
        follow=True,
    )
    assert "enter the person first" in nobody.content.decode()


def test_from_the_point_to_the_board(sampler, point, people, test_round, officer, sign_in):
    for person in people[:3]:
        register(sampler, point, person)
    packed = {"number": "B1", "laboratory": "CDC", "barcode": ["T1"]}
    sampler.post(reverse("sampling_pack", args=[point.pk]), packed)
    box = TubeBatch.unscoped.get()
    sampler.post(reverse("tube_batch_send", args=[box.pk]), {"carrier": "Van", "count": "2"})
    sampler.post(reverse("tube_batch_receive", args=[box.pk]), {"laboratory": "CDC", "count": "1", "barcodes": "T1"})
    shown = sampler.get(reverse("tube_batch", args=[box.pk])).content.decode()
    assert "Received complete" in shown and "Count differs" in shown

    laboratory = sign_in(officer("laboratory"))
    tested = timezone.localtime(now()).strftime("%Y-%m-%d %H:%M:%S")
    sheet = f"管码,结果,检测时间\nT1,阴性,{tested}\nT9,阴性,{tested}\n".encode()
    answer = laboratory.post(
        reverse("laboratory_results"),
        {"file": SimpleUploadedFile("r.csv", sheet), "disease": "covid19", "laboratory": "CDC"},
    )
    refused = answer.content.decode()
    assert "not registered" in refused
    repair = laboratory.get(re.search(r'href="([^"]+repair.xlsx)"', refused)[1])
    mended = sheets.read(repair.content)
    assert mended.headings[:3] == ["管码", "结果", "检测时间"] and [row[0] for row in mended.rows] == ["T9"]
    kinds = set(LabAccident.unscoped.values_list("kind", flat=True))
    assert kinds == {"BATCH_COUNT", "RESULT_UNREGISTERED"}
    page = laboratory.get(reverse("laboratory")).content.decode()
    assert "2 open accidents" in page

    board = sampler.get(reverse("round", args=[test_round.pk])).content.decode()
    assert "Roster 4 = tested 3 + not tested 1 + excused 0" in board
    missing = sampler.get(reverse("round_people", args=[test_round.pk]) + "?state=0").content.decode()
    assert "Resident 3" in missing and "Resident 1" not in missing
    assert "Round 1" in sampler.get(reverse("rounds")).content.decode()


def test_the_missing_are_chased_explained_and_the_round_closed(sampler, point, people, test_round):
    sampler.post(reverse("round_chase", args=[test_round.pk]))
    jobs.run_pending()
    assert [task.params["count"] for task in Task.unscoped.filter(role="grid_worker")] == [4]
    marked = {"person": [str(people[0].pk)], "reason": "MEDICAL", "back": "state=5"}
    page = sampler.post(reverse("round_mark", args=[test_round.pk]), marked, follow=True).content.decode()
    assert "Resident 0" in page
    sampler.post(reverse("round_mark", args=[test_round.pk]), {"person": [str(people[0].pk)], "reason": ""})
    none = sampler.post(reverse("round_mark", args=[test_round.pk]), {"reason": "AWAY"}, follow=True)
    assert "Choose somebody first" in none.content.decode()
    sampler.post(reverse("round_mark", args=[test_round.pk]), {"person": [str(people[1].pk)], "reason": "AWAY"})
    sampler.post(reverse("round_close", args=[test_round.pk]))
    board = sampler.get(reverse("round", args=[test_round.pk])).content.decode()
    assert "Another round on" in board
    sampler.post(reverse("round_resume", args=[test_round.pk]), {"reason": "too early"})
    assert TestRound.unscoped.get().state == "OPEN"


def test_a_positive_tube_names_everybody_in_it(sampler, point, people, test_round):
    register(sampler, point, people[0])
    register(sampler, point, people[1])
    with scope.everywhere("test"):
        services.enter_result(
            by=None, barcode="T1", disease="covid19", value="POSITIVE", tested_at=now(), laboratory="L"
        )
        assert coverage.figures(test_round).recall == 2
    page = sampler.get(reverse("round_pools", args=[test_round.pk])).content.decode()
    assert "2 people wait" in page and "Resident 1" in page


def test_an_accident_is_looked_into_once(sampler, point, people, test_round):
    register(sampler, point, people[0])
    register(sampler, point, people[0], tube="T2")
    found = LabAccident.unscoped.get()
    url = reverse("lab_accident", args=[found.pk])
    assert "Looked into" in sampler.get(url).content.decode()
    sampler.post(reverse("lab_accident_close", args=[found.pk]), {"note": "swab taken twice by mistake"})
    assert "swab taken twice" in sampler.get(url).content.decode()
    assert LabAccident.unscoped.get().state == "CLOSED"


def test_a_planned_round_is_opened_on_its_page(sampler, people):
    with scope.everywhere("test"):
        planned = services.plan_round(
            by=None, area=Area.objects.get(code=VILLAGE), name="Round 2", disease="covid19",
            begins_at=now() - timedelta(hours=1), ends_at=now() + timedelta(hours=5),
        )  # fmt: skip
    assert "Not opened yet" in sampler.get(reverse("round", args=[planned.pk])).content.decode()
    sampler.post(reverse("round_open", args=[planned.pk]))
    assert TestRound.unscoped.get().state == "OPEN"


def test_a_grid_worker_may_not(sampler, officer, test_round):
    sampler.force_login(officer("grid_worker"))
    assert sampler.get(reverse("round", args=[test_round.pk])).status_code == 403


def test_programs_register_report_and_ask(sampler, point, people, test_round, officer, sign_in):
    rows = [
        {"id": str(uuid7()), "person": str(person.pk), "tube": "T1", "point": str(point.pk), "size": 5,
         "sampled_at": now().isoformat()} for person in people[:2]
    ]  # fmt: skip
    answer = sampler.post("/api/rounds/registrations", rows, content_type="application/json").json()
    assert (answer["accepted"], answer["rejected"]) == (2, [])
    again = sampler.post("/api/rounds/registrations", rows, content_type="application/json").json()
    assert again["duplicates"] == 2
    said = {"disease": "covid19", "value": "阴性", "tested_at": now().isoformat(), "laboratory": "CDC"}
    findings = [{"barcode": "T1", **said}, {"barcode": "T9", **said}]
    laboratory = sign_in(officer("laboratory"))
    taken = laboratory.post("/api/rounds/results", findings, content_type="application/json").json()
    assert (taken["inserted"], [word["field"] for word in taken["rejected"]]) == (1, ["tube"])
    figures = sampler.get(f"/api/rounds/{test_round.pk}/figures").json()
    assert (figures["negative"], figures["missing"], figures["roster"]) == (2, 2, 4)
