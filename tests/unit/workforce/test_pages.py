"""The pages: who sees whose load, statement and results; a quiz taken, a question asked, a visit logged."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse

from fangxian.core.officers import Officer
from fangxian.systems.workforce import courses, selectors, services, training
from fangxian.workflows import frontline_care
from tests.unit.workforce.conftest import NOW
from tests.unit.workforce.test_going import sent, town  # noqa: F401  (a fixture)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_eight")]
FRONT = courses.all_courses()["front_line"]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def page(client, name, *args, status=200, **asked) -> str:
    answer = client.get(reverse(name, args=args, query=asked))
    assert answer.status_code == status, (name, answer.status_code)
    return answer.content.decode()


def test_the_board_shows_who_is_over_first_and_opens_the_shifts(county, officer, sign_in, works):
    nurse, fine, duty = officer("nurse", name="周护士"), officer("nurse", name="郑护士"), officer()
    for day in range(1, 8):
        works(nurse, day)
    works(fine, 1)
    client = sign_in(duty)
    board = page(client, "workforce")
    assert board.index("周护士") < board.index("郑护士") and "Too many days without rest" in board
    assert "郑护士" not in page(client, "workforce", show="over")
    assert "Nobody here" in page(client, "workforce", area="410883002")
    shifts = page(client, "worker", f"officer:{nurse.pk}")
    assert shifts.count(reverse("register", args=["workforce.frontlineshift"])) >= 7
    page(client, "worker", "officer:0", status=404)


def test_a_township_does_not_open_what_another_county_knows(county, officer, sign_in, works):
    nurse, clerk = officer("nurse"), officer("township_officer", area="410882001")
    works(nurse, 1)
    client = sign_in(clerk)
    page(client, "worker", f"officer:{nurse.pk}", status=404)
    page(client, "workforce", area=county.code, status=403)
    page(sign_in(nurse), "workforce", status=403)


def test_my_own_shifts_and_statement_are_mine_alone(county, officer, sign_in, works):
    nurse, other, duty = officer("nurse"), officer("nurse"), officer()
    works(nurse, 20)
    works(nurse, 1)
    (statement,) = frontline_care.draw_up(by=duty, area=county, month=date(2022, 2, 1))
    client = sign_in(nurse)
    assert "宜尚酒店" in page(client, "my_shifts") and "300.00" in page(client, "my_shifts")
    own = page(client, "my_statement", statement.pk)
    assert "Direct contact" in own and "/agree/" not in own
    page(sign_in(other), "my_statement", statement.pk, status=404)
    assert "No shifts of late" in page(sign_in(other), "my_shifts")
    page(client, "statement", statement.pk, status=403)


def test_statements_are_drawn_up_and_agreed_to_by_two(county, officer, sign_in, works):
    nurse, one, two = officer("nurse"), officer(), officer()
    works(nurse, 20)
    first, second = sign_in(one), sign_in(two)
    assert "No statements of this month" in page(first, "statements")
    assert first.post(reverse("statements_draw"), {"month": "2022-02"}).status_code == 302
    statement = selectors.statements(county.code, date(2022, 2, 1)).get()
    assert "The days behind it" in page(first, "statement", statement.pk)
    act = reverse("statement_agree", args=[statement.pk])
    assert first.post(act).status_code == 302
    assert "You proposed this" in first.post(act, follow=True).content.decode()
    works(nurse, 21)
    assert "Draw up anew" in page(second, "statement", statement.pk)
    second.post(act, {"again": "1"})
    for client in (first, second):
        client.post(act)
    assert selectors.statement(statement.pk).state == "APPROVED"
    assert "600.00" in page(first, "statements", month="2022-02")


def given(html: str, officer, course, area, wrong: int) -> dict[str, str]:
    """What a person clicks: every question shown, some of them wrong."""
    asked = training.next_sitting(officer, course, area)
    assert [f'name="{one.key}"' in html for one in asked] == [True] * len(asked)
    return {
        one.key: next(option.key for option in one.options if (option.value == one.right) == (number >= wrong))
        for number, one in enumerate(asked)
    }


def test_a_quiz_in_the_browser(county, officer, sign_in):
    nurse = officer("nurse")
    client, url = sign_in(nurse), reverse("quiz", args=["front_line"])
    assert "your post asks for it" in page(client, "training")
    shown = page(client, "quiz", "front_line")
    assert len(re.findall("<fieldset", shown)) == 10
    assert client.post(url, {}).status_code == 422
    done = client.post(url, given(shown, nurse, FRONT, county, wrong=3), follow=True).content.decode()
    assert "Not passed: 70 %" in done and "Right is:" in done
    done = client.post(url, given(page(client, "quiz", "front_line"), nurse, FRONT, county, 0), follow=True)
    assert "Passed: 100 %" in done.content.decode()
    assert "passed, until" in page(client, "training")
    page(client, "quiz", "gone", status=404)


def test_without_a_post_a_quiz_leads_back_to_the_training(county, sign_in):
    nobody = Officer.objects.create_officer("nobody", name="无岗位")
    assert sign_in(nobody).get(reverse("quiz", args=["front_line"]))["Location"] == reverse("training")


def test_results_are_seen_by_the_person_and_the_leaders_of_the_area(county, officer, sign_in):
    nurse, other, leader, inspector = (
        officer("nurse", name="周护士"),
        officer("nurse"),
        officer("viewer"),
        officer("inspector"),
    )
    kept = services.ask_on_the_spot(by=inspector, officer=nurse, course=FRONT, area=county, question="tube", given="1",
                                    where="卡点")  # fmt: skip
    assert "When everybody in the tube is registered" in page(sign_in(nurse), "quiz_result", kept.pk)
    for stranger in (other, inspector, leader):
        page(sign_in(stranger), "quiz_result", kept.pk, status=404)
    assert "周护士" in page(sign_in(leader), "training")
    assert "周护士" not in page(sign_in(inspector), "training")
    register = reverse("register", args=["workforce.quizresult"])
    assert sign_in(inspector).get(register).status_code == 403
    assert "周护士" in sign_in(leader).get(register).content.decode()


def test_an_inspector_asks_on_the_spot(county, officer, sign_in):
    nurse, client = officer("nurse", name="周护士"), sign_in(officer("inspector"))
    assert "About what?" in page(client, "training_ask")
    assert "choose a question" in page(client, "training_ask", course="front_line")
    shown = page(client, "training_ask", course="front_line", question="tube")
    assert "周护士" in shown
    url, form = reverse("training_ask"), {"course": "front_line", "question": "tube", "where": "卡点"}
    assert client.post(url, form).status_code == 422
    assert client.post(url, {**form, "officer": nurse.pk}).status_code == 422
    told = client.post(url, {**form, "officer": nurse.pk, "given": "unknown"}, follow=True).content.decode()
    assert "Not right" in told
    assert selectors.own_results(nurse)[0].answers[0]["ok"] is False


def test_send_and_call_back(county, officer, sign_in, town):  # noqa: F811
    client = sign_in(officer())
    form = {"name": "赵国强", "unit": "市教育局", "from_area": "410883", "to_area": town.code, "where": "大定街道",
            "duty": "入户排查", "starts_at": "2022-03-14 08:00"}  # fmt: skip
    assert client.post(reverse("deployments"), form).status_code == 302
    again = client.post(reverse("deployments"), form)
    assert again.status_code == 422 and "call them back first" in again.content.decode()
    (one,) = selectors.deployed(county.code)
    assert "赵国强" in page(client, "deployments")
    client.post(reverse("deployment_call_back", args=[one.pk]))
    assert "Nobody is sent" in page(client, "deployments")
    assert sign_in(officer("viewer")).post(reverse("deployments"), form).status_code == 403


def test_a_visit_is_logged_with_its_finding(county, officer, sign_in, town):  # noqa: F811
    client = sign_in(officer())
    form = {"name": "张书记", "unit": "县委", "from_area": "410883", "to_area": town.code, "where": "卡点",
            "duty": "查设卡站点",
            "starts_at": "2022-03-15 06:00", "ends_at": "2022-03-15 07:00", "found": "夜间无人值守",
            "severity": "MAJOR"}  # fmt: skip
    assert client.post(reverse("visits"), form).status_code == 302
    shown = page(client, "visits")
    (visit,) = selectors.visits(county.code, NOW - DAY)
    assert "夜间无人值守" in shown and reverse("finding", args=[visit.finding_id]) in shown
    refused = client.post(reverse("visits"), {**form, "starts_at": "2022-03-16 06:00", "ends_at": "2022-03-16 07:00"})
    assert refused.status_code == 422
