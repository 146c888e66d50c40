"""The pages of drills: calendar, scenario, a drill from plan to findings, the board of the copy, its marks."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from fangxian.core import clock, jobs
from fangxian.core.clock import now
from fangxian.faces.web.drill_copy import marked
from fangxian.systems.drills.models import Drill, DrillStep
from fangxian.systems.inspection.models import Finding
from fangxian.workflows import drill as story

URL = "/drills/"


def page(client, path):
    answer = client.get(path)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


@pytest.fixture
def desk(planned, sign_in):
    return sign_in(planned.leader)


def play(drill, *minutes):
    for minute in minutes:
        with clock.frozen(drill.begun_at + timedelta(minutes=minute)):
            story.play_due()
            jobs.run_pending()


def test_the_calendar_shows_who_owes_a_drill_and_leads_to_the_plan(desk, planned):
    text = page(desk, URL)
    assert "Who owes a drill" in text and "Mengzhou" in text and "Dading" in text
    assert "A positive pooled sample at a school" in text and f"/drills/{planned.pk}/" in text
    assert "is still there" not in text


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_players_see_neither_scenario_nor_plan_of_injects(planned, officer, sign_in, language):
    reader = sign_in(officer("clinician"), language)
    viewer = sign_in(officer("viewer"), language)
    assert reader.get(URL).status_code == 403
    assert viewer.get(URL).status_code == 200
    assert viewer.get(URL + "scenarios/school_pool/").status_code == 404
    assert "fangxian drill start" in page(viewer, f"{URL}{planned.pk}/")


def test_a_scenario_says_what_follows_within_which_clock(desk):
    text = page(desk, URL + "scenarios/school_pool/")
    assert "report.hours" in text and "2 h" in text and "30 min" in text
    assert desk.get(URL + "scenarios/nothing/").status_code == 404


def test_the_board_is_in_the_copy_alone(desk):
    assert desk.get(URL + "board/").status_code == 404
    assert desk.post(URL + "board/begin/").status_code == 404


def test_the_board_of_a_copy_counts_down(copy, planned, sign_in):
    copy()
    leader = sign_in(planned.leader)
    assert "stands still" in page(leader, URL + "board/")
    assert leader.post(URL + "board/begin/").status_code == 302
    text = page(leader, URL + "board/")
    assert "360 min left" in text and "in 60 min" in text and "DRILL · 演练" in text
    begun = Drill.objects.get()
    play(begun, 5, 25)
    with clock.frozen(begun.begun_at + timedelta(minutes=26)):
        part = page(leader, URL + "board/lines/")
    assert "9 min left" in part and "<html" not in part
    assert leader.post(URL + "board/end/").status_code == 302
    assert "has ended" in page(leader, URL + "board/")


def test_a_copy_says_so_on_every_page(copy, planned, sign_in, client):
    copy()
    leader = sign_in(planned.leader)
    for path in ("/ledger/", "/accounts/login/", "/field/", "/nothing-here/", f"/drills/{planned.pk}/"):
        visitor = client if path.startswith("/accounts") else leader
        assert "DRILL · 演练" in visitor.get(path).content.decode(), path


def test_a_file_of_a_copy_is_named_after_it():
    assert marked('attachment; filename="cases.csv"') == 'attachment; filename="DRILL-cases.csv"'
    assert marked("attachment; filename*=utf-8''%E7%97%85.csv") == "attachment; filename*=utf-8''DRILL-%E7%97%85.csv"
    assert marked(marked('attachment; filename="a.csv"')) == 'attachment; filename="DRILL-a.csv"'


def test_an_evaluation_is_taken_in_confirmed_and_mended(copy, planned, sign_in, settings):
    drill, leader = copy(), sign_in(planned.leader)
    begun = story.begin(by=drill.leader)
    play(begun, 0, 5, 30, 60)
    with clock.frozen(begun.begun_at + timedelta(minutes=121)):
        story.play_due()
        report = story.hand_back()
    settings.IS_DRILL = False
    wrong = SimpleUploadedFile("report.json", b"{}")
    answer = leader.post(f"{URL}{drill.pk}/report/", {"report": wrong}, follow=True).content.decode()
    assert "This is no report of a drill." in answer and "is still there" in answer
    sent = SimpleUploadedFile("report.json", report.encode())
    text = leader.post(f"{URL}{drill.pk}/report/", {"report": sent}, follow=True).content.decode()
    assert "Not done in the drill: The word to the public is agreed" in text and "Not done" in text

    step = DrillStep.objects.get(key="public_word")
    chosen = {f"finding-{step.pk}": "1", f"words-{step.pk}": "对外口径无人负责", "conclusion": "再练一次"}
    assert "Say why" not in leader.post(f"{URL}{drill.pk}/confirm/", chosen, follow=True).content.decode()
    finding = Finding.objects.get()
    assert (finding.what, finding.subject_id, finding.task.status) == ("对外口径无人负责", drill.pk, "PENDING")
    assert "对外口径无人负责" in page(leader, f"{URL}{drill.pk}/")


def test_a_drill_is_cancelled_with_a_reason_and_by_whom_it_belongs_to(desk, planned, officer, sign_in):
    stranger = sign_in(officer("duty_officer", area="410882"))
    assert stranger.post(f"{URL}{planned.pk}/cancel/", {"reason": "storm"}).status_code == 404
    desk.post(f"{URL}{planned.pk}/cancel/", {"reason": ""})
    assert Drill.objects.get().state == "PLANNED"
    assert (
        "storm warning"
        in desk.post(f"{URL}{planned.pk}/cancel/", {"reason": "storm warning"}, follow=True).content.decode()
    )
    assert Drill.objects.get().state == "CANCELLED" and now()
