"""The laboratory's file of tests of goods: results come in with all that follows, and every other row says why not."""

import pytest
from django.core.exceptions import ValidationError

from fangxian.core import jobs
from fangxian.core.clock import now
from fangxian.core.officers import appoint
from fangxian.registers import imports
from fangxian.registers import site as registers
from fangxian.registers.sheets import Table
from fangxian.systems.goods import services
from fangxian.systems.goods.models import GoodsTest, Lot

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]
HEADINGS = ["id", "area", "lot", "surface", "first_piece", "last_piece", "samples", "sampled_at", "laboratory",
            "finding", "positives", "positive_pieces"]  # fmt: skip


@pytest.fixture
def tests(lot, complete):
    """A complete lot with three samples that have no result and one that has."""
    made = complete(lot())
    taken = [services.sample(by=None, lot=made, first_piece=n, last_piece=n + 9) for n in (1, 11, 21, 31)]
    services.report(test=taken[3], by=None, positives=0)
    return taken


def row(test, *found, id_=True):
    return [str(test.pk) if id_ else "", test.area_id, test.lot.number, test.surface, test.first_piece, test.last_piece,
            test.samples, test.sampled_at.isoformat(), "市疾控中心", *found]  # fmt: skip


def bring(officer, *rows, role="laboratory"):
    register = registers.get("goods.goodstest")
    by = officer(role)
    with register.scope(by, "import"):
        return imports.run(register, Table(HEADINGS, [list(map(str, one)) for one in rows]), by=by)


def test_results_come_in_and_every_other_row_stands_in_the_repair_sheet(tests, officer):
    one, two, three, known = tests
    ledger = bring(
        officer, row(one, "阳性", 2, "3、7"), row(two, "阴性", 0, ""), row(three, "阳性", 11, ""),
        row(known, "阳性", 1, "31"), row(known, "阴性", 0, ""), row(three, "阳性", 0, ""),
    )  # fmt: skip
    stored = dict(GoodsTest.objects.values_list("pk", "finding"))
    assert [stored[test.pk] for test in tests] == ["POSITIVE", "NEGATIVE", "PENDING", "NEGATIVE"]
    assert (ledger.updated, ledger.unchanged) in ((2, 0), (2, 1)) and ledger.rejected >= 3
    assert GoodsTest.objects.get(pk=one.pk).positive_pieces == "3 7" and Lot.objects.get().is_positive
    assert jobs.Job.objects.filter(kind="goods.positive").count() == 1
    reasons = {bad.row: bad.reason for bad in ledger.rejects}
    assert "more positive samples" in reasons[4] and "reported already" in reasons[5]
    assert ledger.balanced and len(ledger.repair) == ledger.rejected


def test_the_same_file_again_changes_nothing(tests, officer):
    rows = [row(tests[0], "阳性", 2, "7、3"), row(tests[1], "阴性", 0, "")]
    assert bring(officer, *rows).updated == 2
    again = bring(officer, *rows)
    assert (again.unchanged, again.updated, again.rejected) == (2, 0, 0)


def test_a_file_of_samples_nobody_wrote_down_brings_the_samples(tests, officer):
    fresh = GoodsTest(lot=tests[0].lot, area=tests[0].area, surface="INNER", first_piece=41, last_piece=50, samples=10)
    fresh.sampled_at = now()
    ledger = bring(officer, row(fresh, "", "", "", id_=False))
    assert ledger.inserted == 1 and GoodsTest.objects.filter(first_piece=41, finding="PENDING").exists()
    assert bring(officer, row(tests[0], "未出结果", 3, "")).rejected


@pytest.mark.parametrize(
    ("role", "reason"), [("cold_chain_keeper", "goods_tests.report"), ("duty_officer", "goods_tests.report")]
)
def test_who_gains_by_green_reports_nothing(tests, officer, role, reason):
    ledger = bring(officer, row(tests[0], "阴性", 0, ""), role=role)
    assert ledger.rejected == 1 and reason in ledger.rejects[0].reason


def test_whoever_took_the_sample_or_keeps_the_store_reports_nothing(tests, officer, lot):
    bench = officer("laboratory")
    own = services.sample(by=bench, lot=tests[0].lot, first_piece=61, last_piece=70)
    with pytest.raises(ValidationError, match="You took this sample"):
        services.report(test=own, by=bench, positives=0)
    appoint(bench, role="cold_chain_keeper", area=tests[0].area, by=None)
    both = type(bench).objects.get(pk=bench.pk)
    for act in (lambda: services.report(test=tests[0], by=both, positives=0),
                lambda: services.withdraw_test(test=tests[3], by=both, reason="tubes were swapped")):  # fmt: skip
        with pytest.raises(ValidationError, match="You keep the goods here"):
            act()
