"""The evening report from the rows to the paper: counted, signed by two, frozen, corrected."""

import io
import json
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from docx import Document

from fangxian.core import clock, jobs
from fangxian.core.clock import now, today
from fangxian.core.permissions import Refused
from fangxian.core.second_person import SamePerson
from fangxian.systems.situation import figures
from fangxian.systems.situation import reporting_selectors as selectors
from fangxian.systems.situation.reporting_models import IssuedReport
from fangxian.workflows import daily_report
from fangxian.workflows.reporting import counting
from tests.unit.directives.conftest import COUNTY, TOWN, VILLAGE, area, at_unit, issued, staff  # noqa: F401

DAY = timedelta(days=1)


@pytest.fixture
def evening(staff, issued):  # noqa: F811
    """Half past six in the evening of a day on which a directive went down and nobody answered in time."""
    issued(due_at=now() + timedelta(hours=6))
    with clock.frozen(now() + timedelta(hours=10, minutes=30)):
        yield now()


@pytest.fixture
def draft(evening, staff, area):  # noqa: F811
    return daily_report.prepare(area=area(COUNTY), day=today(), by=staff["duty"])


def figure(report, key):
    return next(one for one in report.facts["figures"] if one["key"] == key)


def test_every_figure_is_the_number_of_rows_its_query_finds(draft, area):  # noqa: F811
    span = counting.span_of(area(COUNTY), today())
    for one in draft.facts["figures"]:
        rows = counting.rows_of(figures.get(one["key"]), area(COUNTY), span)
        assert one["value"] == rows.count() == sum(one["parts"].values())
        assert one["query"] and one["sql"].startswith("SELECT")
    assert figure(draft, "directives_late")["value"] > 0


def test_it_is_about_its_closing_hour(draft):
    assert draft.as_of == datetime(2022, 3, 15, 10, tzinfo=UTC) and draft.number == 1


def test_two_sign_what_they_have_read(draft, staff):  # noqa: F811
    with pytest.raises(ValidationError, match="counted anew"):
        daily_report.sign(report=draft, by=staff["duty"], digest="0" * 64)
    with pytest.raises(Refused):
        daily_report.sign(report=draft, by=staff["village"])
    signed = daily_report.sign(report=draft, by=staff["duty"], digest=draft.digest)
    assert signed.state == "WAITING"
    with pytest.raises(SamePerson):
        daily_report.agree(report=signed, by=staff["duty"])
    out = daily_report.agree(report=signed, by=staff["second"], digest=draft.digest)
    assert (out.state, out.signed_by, out.second_by, out.digest) == (
        "ISSUED",
        staff["duty"],
        staff["second"],
        draft.digest,
    )
    with pytest.raises(ValidationError, match="is out"):
        daily_report.prepare(area=out.area, day=out.ends_on, by=staff["duty"])


def test_a_draft_that_was_signed_is_unsigned_by_a_new_count(draft, staff):  # noqa: F811
    daily_report.sign(report=draft, by=staff["duty"])
    again = daily_report.prepare(area=draft.area, day=draft.ends_on, by=staff["second"])
    assert (again.pk, again.state, again.signed_by) == (draft.pk, "DRAFT", None)


def test_a_correction_is_the_next_edition(draft, staff, issued):  # noqa: F811
    out = daily_report.agree(report=daily_report.sign(report=draft, by=staff["duty"]), by=staff["second"])
    with clock.frozen(out.as_of - timedelta(hours=1)):
        issued(title="补录")  # entered as of the day, after the report was out
    mended = daily_report.correct(report=out, by=staff["duty"], reason="补录一份部署")
    assert (mended.edition, mended.number, mended.as_of, mended.corrects) == (2, out.number, out.as_of, out)
    assert figure(mended, "directives_not_answered") == figure(out, "directives_not_answered")
    anew = [one["text"] for one in mended.said["zh"]["blocks"][:1]]
    assert "补录一份部署" in anew[0]
    with pytest.raises(ValidationError, match="under way"):
        daily_report.correct(report=selectors.report(out.pk), by=staff["duty"], reason="再来")
    daily_report.agree(report=daily_report.sign(report=mended, by=staff["duty"]), by=staff["second"])
    assert selectors.report(out.pk).state == "REPLACED" and selectors.report(out.pk).said == out.said


def test_the_next_day_says_why(draft, staff, area):  # noqa: F811
    with clock.frozen(now() + DAY):
        following = daily_report.prepare(area=area(COUNTY), day=today(), by=staff["duty"])
    late = figure(following, "directives_late")
    assert late["before"] == figure(draft, "directives_late")["value"] and following.number == 2
    remarks = [one["text"] for one in following.said["en"]["blocks"] if one["kind"] == "small"]
    assert any(text.startswith("Answers overdue: ") for text in remarks)


def test_the_evening_is_prepared_for_every_area_that_is_commanded(evening, staff):  # noqa: F811
    assert daily_report.queue_due() == len(daily_report.commanded()) == 2
    assert daily_report.queue_due() == 0
    jobs.run_pending()
    assert sorted(IssuedReport.objects.values_list("area_id", "state")) == [("4108", "DRAFT"), (COUNTY, "DRAFT")]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_word_and_pdf_say_the_same(draft, staff, language):  # noqa: F811
    word = daily_report.paper(report=draft, form="docx", by=staff["duty"], language=language)
    document = Document(io.BytesIO(word.content))
    headings = [one.text for one in document.paragraphs if one.style.name == "Heading 1"]
    said = [one["text"] for one in draft.said[language]["blocks"] if one["kind"] in ("heading", "annex")]
    assert headings == said and len(document.tables) == sum(
        one["kind"] == "table" for one in draft.said[language]["blocks"]
    )
    pdf = daily_report.paper(report=draft, form="pdf", by=staff["duty"], language=language)
    assert pdf.content.startswith(b"%PDF") and pdf.name == f"410883-daily-2022-03-15-1-{language}.pdf"


def test_machines_get_every_figure_with_its_query(draft, staff):  # noqa: F811
    made = json.loads(daily_report.paper(report=draft, form="json", by=staff["duty"]).content)
    assert {one["key"] for one in made["facts"]["figures"]} == {one.key for one in figures.catalogue()}
    assert made["digest"] == draft.digest and all(one["sql"] for one in made["facts"]["figures"])
