"""What follows from a sale: a call-back within a day, the township, a finding; each once."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from fangxian.core import clock, jobs
from fangxian.core.clock import now
from fangxian.systems.command import selectors as tasks
from fangxian.systems.inspection import selectors as findings
from fangxian.systems.pharmacies import selectors, services
from fangxian.systems.pharmacies.models import CallBack
from fangxian.workflows import drug_sale_signal
from fangxian.workflows.drug_sale_signal import on_sale

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen", "everywhere")]
WANG = {"name": "王建国", "phone": "13812345678"}
FEVER = {"temperature": Decimal("38.2"), **WANG}


def about(call) -> dict[str, str]:
    return {task.key.split(":")[1]: task.status for task in tasks.for_subject("pharmacies.callback", call.pk)}


def test_a_buyer_with_fever_is_called_back_once_a_day(pharmacy, other):
    first = services.sell(by=None, pharmacy=pharmacy, items="B1", **FEVER)
    services.sell(by=None, pharmacy=other, items="B1", **FEVER)
    assert jobs.run_pending() == 2
    (call,) = CallBack.objects.all()
    assert (call.sale, call.due_at) == (first, now() + timedelta(hours=24))
    assert on_sale(sale_id=first.pk, by=None).call_back == call
    assert about(call) == {"see": "PENDING"}
    with clock.frozen(now() + timedelta(days=1)):
        on_sale(sale_id=services.sell(by=None, pharmacy=other, items="B1", **FEVER).pk, by=None)
    assert CallBack.objects.count() == 2


@pytest.mark.parametrize(
    ("outcome", "is_open", "expected"),
    [
        ("WELL", False, {"see": "REMOVED"}),
        ("WENT", False, {"see": "REMOVED"}),
        ("STILL_ILL", True, {"see": "PENDING", "still": "PENDING"}),
        ("NOT_REACHED", True, {"see": "PENDING", "lost": "PENDING"}),
        ("WRONG_NUMBER", True, {"see": "PENDING", "lost": "PENDING"}),
    ],
)
def test_what_the_call_found(pharmacy, outcome, is_open, expected):
    call = on_sale(sale_id=services.sell(by=None, pharmacy=pharmacy, items="B1", **FEVER).pk, by=None).call_back
    done = services.record_call(call_back=call, by=None, outcome=outcome, note="at noon")
    assert (done.is_open, done.tries, about(call)) == (is_open, 1, expected)
    if is_open:
        services.record_call(call_back=call, by=None, outcome="WELL")
        assert set(about(call).values()) == {"REMOVED"}
    with pytest.raises(ValidationError, match="settled"):
        services.record_call(call_back=call, by=None, outcome="WELL")


def test_a_call_nobody_made_goes_to_the_township_once(pharmacy):
    call = on_sale(sale_id=services.sell(by=None, pharmacy=pharmacy, items="B1", **FEVER).pk, by=None).call_back
    assert drug_sale_signal.chase_calls() == 0
    with clock.frozen(now() + timedelta(hours=25)):
        assert drug_sale_signal.chase_calls() == 1
        assert drug_sale_signal.chase_calls() == 0
    assert about(call)["late"] == "PENDING"
    with pytest.raises(ValidationError, match="Choose"):
        services.record_call(call_back=call, by=None, outcome="MAYBE")


def test_a_sale_against_the_ladder_is_a_finding_of_the_pharmacy(pharmacy, ladder):
    ladder(FEVER="STOPPED", COUGH="REAL_NAME")
    sold = services.take_over(by=None, pharmacy=pharmacy, items="B1", receipt="R1", sold_at=now(), **FEVER)
    nameless = services.take_over(by=None, pharmacy=pharmacy, items="K1", receipt="R2", sold_at=now())
    assert jobs.run_pending() == 2
    assert on_sale(sale_id=sold.pk, by=None).finding.pk == sold.pk
    found = {row.pk: row.severity for row in findings.for_subject("pharmacies.pharmacy", pharmacy.pk)}
    assert found == {sold.pk: "CRITICAL", nameless.pk: "MAJOR"}
    assert selectors.violations(now() - timedelta(days=1)).count() == 2


def test_what_was_taken_back_and_who_gave_no_name_ask_for_nothing(pharmacy):
    nameless = services.sell(by=None, pharmacy=pharmacy, items="B1", temperature=Decimal("38.2"))
    assert on_sale(sale_id=nameless.pk, by=None).call_back is None
    sale = services.sell(by=None, pharmacy=pharmacy, items="B1", **FEVER)
    services.take_back(sale=sale, by=None, reason="by mistake")
    assert on_sale(sale_id=sale.pk, by=None).call_back is None
