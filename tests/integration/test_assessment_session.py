"""A session that assesses: its follow-ups are tasks, and the next one begins with them. A stage held against plan."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from fangxian.core import clock
from fangxian.core.clock import now, today
from fangxian.systems.command import services as command
from fangxian.systems.situation import reporting_selectors as selectors
from fangxian.systems.situation import reporting_services as services
from fangxian.workflows import assessment_session, daily_report, stage_review
from fangxian.workflows.assessment_session import FollowUp
from tests.unit.directives.conftest import COUNTY, OTHER, TOWN, area, at_unit, issued, staff  # noqa: F401

DAY = timedelta(days=1)


@pytest.fixture
def convened(staff, area):  # noqa: F811
    return lambda **given: services.convene(
        by=staff["duty"], area=area(COUNTY), title="研判会", chair="指挥长", attendees=[staff["second"]], **given
    )


@pytest.fixture
def ended(convened, staff, area):  # noqa: F811
    wanted = [FollowUp("核实备用隔离点", area(TOWN)), FollowUp("逐户排查", area(OTHER), now() + DAY)]
    return assessment_session.conclude(
        session=convened(), by=staff["duty"], level="HIGH", conclusion="外防输入。", follow_ups=wanted
    )


def test_what_follows_are_tasks_with_clocks(ended):
    first, second = selectors.follow_ups(ended)
    assert (first.area_id, first.role, first.from_area_id) == (TOWN, "township_officer", COUNTY)
    assert first.due_at == now() + DAY and second.due_at == now() + DAY


def test_the_next_session_begins_with_what_became_of_it(ended, convened, staff):  # noqa: F811
    with clock.frozen(now() + DAY):
        command.finish(task=selectors.follow_ups(ended)[0], by=staff["town"], outcome="可启用")
        following = convened()
        ((before, tasks),) = assessment_session.on_the_table(following)
        assert before == ended and [task.status for task in tasks] == ["DONE", "PENDING"]
        third = services.conclude(session=following, by=staff["duty"], level="LOW", conclusion="平稳。")
        assert [one["status"] for one in third.reviewed] == ["DONE", "PENDING"]
    with clock.frozen(now() + 2 * DAY):
        ((before, tasks),) = assessment_session.on_the_table(convened())
        assert before == ended and [task.title for task in tasks] == ["逐户排查"]  # what is done stays behind


def test_it_ends_once_by_the_list_of_the_pack(ended, convened, staff, area):  # noqa: F811
    with pytest.raises(ValidationError, match="ended"):
        services.conclude(session=ended, by=staff["duty"], level="LOW", conclusion="再来")
    with clock.frozen(now() + DAY):
        session = convened()
        for given in ({"level": "PURPLE", "conclusion": "x"}, {"level": "LOW", "conclusion": " "}):
            with pytest.raises(ValidationError):
                services.conclude(session=session, by=staff["duty"], **given)
        with pytest.raises(ValidationError, match="below it"):
            assessment_session.conclude(session=session, by=staff["duty"], level="LOW", conclusion="x",
                                        follow_ups=[FollowUp("x", area("410882"))])  # fmt: skip
        assert selectors.assessment(session.pk).state == "CONVENED"


def test_the_report_of_the_day_and_a_paper_tell_it(ended, staff, area):  # noqa: F811
    with clock.frozen(now() + timedelta(hours=12)):
        report = daily_report.prepare(area=area(COUNTY), day=today(), by=staff["duty"])
    assert report.facts["level"]["en"] == "High" and report.facts["sessions"][0]["follow_ups"][0]["area"] == TOWN
    paper = assessment_session.paper(session=ended, form="docx", by=staff["duty"], language="zh")
    assert paper.name == "410883-assessment-2022-03-15-zh.docx" and paper.content[:2] == b"PK"


def test_a_stage_counts_what_fell_due(ended, staff, area):  # noqa: F811
    with clock.frozen(now() + timedelta(hours=1)):
        command.finish(task=selectors.follow_ups(ended)[0], by=staff["town"], outcome="可启用")
    with clock.frozen(now() + 2 * DAY):
        review = stage_review.prepare(area=area(COUNTY), starts_on=today() - 2 * DAY, ends_on=today(), by=staff["duty"])
        with pytest.raises(ValidationError):
            stage_review.prepare(area=area(COUNTY), starts_on=today(), ends_on=today() - DAY, by=staff["duty"])
    tasks = next(one for one in review.facts["lines"] if one["key"] == "tasks")
    assert tasks["total"] == [2, 1, 1] and tasks["by_area"] == {TOWN: [1, 1, 1], OTHER: [1, 0, 0]}
    lagging = next(one for one in review.said["zh"]["blocks"] if one["kind"] == "table" and one["wide"] == [0]
                   and len(one["rows"]) == 2)  # fmt: skip
    assert "0.0 %" in lagging["rows"][0][1] and "100.0 %" in lagging["rows"][1][1]


def test_the_pages_work_for_who_writes_and_show_for_who_reads(ended, staff, officer, sign_in):  # noqa: F811
    browser = sign_in(staff["duty"])
    assert browser.post("/assessments/new/", {"title": "再研判", "held_at": "2022-03-16T09:00", "chair": "指挥长",
                                              "questions": "来源\n范围"}).status_code == 302  # fmt: skip
    session = selectors.assessments(COUNTY)[0]
    shown = browser.get(f"/assessments/{session.pk}/").content.decode()
    assert "核实备用隔离点" in shown and "来源" in shown
    page = browser.post("/reports/count/", {"daily": "1"}, follow=True).content.decode()
    assert "figure_then" in page and "Sign; a second person agrees" in page
    reader = sign_in(officer("viewer"))
    assert reader.get("/reports/").status_code == 200
    assert reader.post("/reports/count/", {"daily": "1"}).status_code == 403
