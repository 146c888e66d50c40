"""The three products of a warning as Word and PDF: what stands on them, in whose language, and the same file again."""

import io
import re
from datetime import timedelta

import pytest
from docx import Document

from fangxian.core import clock
from fangxian.core.audit import AuditEntry
from fangxian.core.clock import now
from fangxian.systems.surveillance import services
from fangxian.systems.surveillance.models import Signal, WarningProduct
from fangxian.workflows import early_warning
from fangxian.workflows.warning import papers
from tests.unit.surveillance.conftest import DAY, feed, filled, quiet  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen", "county", "everywhere")]


@pytest.fixture
def signal(feed, filled, quiet) -> Signal:  # noqa: F811
    """A school with many absent, found by the real run."""
    filled(feed("S1"), [*quiet[:-3], 9, 15, 24])
    early_warning.warn(as_of=DAY, by=None)
    return Signal.objects.get(kind="STATISTICAL")


@pytest.fixture
def product(signal, county):
    """Factory: a product of the card."""

    def make(kind: str = "WARNING_NOTICE") -> WarningProduct:
        return services.form(by=None, area=county, kind=kind, title="学校发热聚集", text="落实晨午检。\n三日内上报。",
                             addressee="各学校", signal=signal)  # fmt: skip

    return make


def words(content: bytes) -> str:
    document = Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


@pytest.mark.parametrize(
    ("kind", "zh", "en"),
    [
        ("RISK_NOTICE", "健康风险提示", "Health risk notice"),
        ("WARNING_NOTICE", "预警提示", "Warning notice"),
        ("DECISION_PROPOSAL", "决策建议", "Decision proposal"),
    ],
)
def test_each_kind_says_what_was_seen_to_whom_and_where_it_stands(product, kind, zh, en):
    made = product(kind)
    said = words(papers.paper(product=made, form="docx", by=None, language="zh").content)
    assert zh in said and "学校发热聚集" in said and "送：各学校" in said and "三日内上报。" in said
    assert "2022年第1期" in said.replace(" ", "") and "草稿：尚未送达" in said and "2022-03-14" in said
    assert "▇" * papers.BARS in said and "24" in said and "已形成" in said
    said = words(papers.paper(product=made, form="docx", by=None, language="en").content)
    assert en in said and "No. 1 of 2022" in said and "counted where" in said and "Draft: not delivered" in said


def test_a_delivered_one_says_the_same_whatever_became_of_its_card(product, signal, filled):  # noqa: F811
    made = services.deliver(product=product(), by=None)
    drawn = {form: papers.paper(product=made, form=form, by=None, language="zh") for form in papers.FORMS}
    Signal.objects.filter(pk=signal.pk).update(observed=99, series={}, others=[])
    with clock.frozen(now() + timedelta(days=3)):
        fresh = WarningProduct.objects.get(pk=made.pk)
        again = {form: papers.paper(product=fresh, form=form, by=None, language="zh") for form in papers.FORMS}
    assert drawn == again and drawn["pdf"].content[:5] == b"%PDF-"
    said = words(again["docx"].content)
    assert "99" not in said and "草稿" not in said and "响应时限" in said
    answered = services.respond(product=fresh, by=None, response="晨午检已落实")
    closed = services.feed_back(product=answered, by=None, feedback="三日内无新增")
    said = words(papers.paper(product=closed, form="docx", by=None, language="zh").content)
    assert "晨午检已落实" in said and "三日内无新增" in said and "已反馈" in said


def test_numbers_count_by_kind_and_year(product):
    first, second, other = product(), product(), product("RISK_NOTICE")
    assert [papers.number_of(one) for one in (first, second, other)] == [1, 2, 1]
    withdrawn = services.withdraw(product=first, by=None, reason="重复")
    assert papers.number_of(second) == 2
    assert "已撤回：重复" in words(papers.paper(product=withdrawn, form="docx", by=None, language="zh").content)


def test_one_without_a_card_has_its_words_and_steps(county):
    made = services.form(by=None, area=county, kind="RISK_NOTICE", title="流感提示", text="勤洗手。", addressee="公众")
    said = words(papers.paper(product=made, form="docx", by=None, language="en").content)
    assert "勤洗手。" in said and "What the counts show" not in said and "1. The four steps" in said


def test_they_are_taken_from_the_page_by_whoever_may_open_it(product, officer, sign_in):
    made = product()
    reader, stranger = sign_in(officer("viewer")), sign_in(officer("viewer", area="410882"))
    page = reader.get(f"/surveillance/products/{made.pk}/").content.decode()
    for form in papers.FORMS:
        address = f"/surveillance/products/{made.pk}/paper.{form}"
        assert address in page
        answer = reader.get(address)
        assert answer.status_code == 200 and re.search(rf'filename="410883-.*\.{form}"', answer["Content-Disposition"])
        assert stranger.get(address).status_code == 404
    assert AuditEntry.objects.filter(action="surveillance.warning.paper").count() == 2
    assert reader.get(f"/surveillance/products/{made.pk}/paper.exe").status_code == 404
