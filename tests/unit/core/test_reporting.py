"""Who may say what a test found."""

import pytest
from django.core.exceptions import ValidationError

from fangxian.core.areas import Area
from fangxian.core.officers import appoint
from fangxian.core.permissions import Permission
from fangxian.core.reporting import check_reporter

RIGHT = Permission.GOODS_TESTS_REPORT


def asked(by, **said):
    check_reporter(
        by=by, right=RIGHT, field="result", **{"area_code": "410883001", "took": False, "is_store": True, **said}
    )


def test_a_laboratory_and_the_platform_report(officer):
    asked(officer("laboratory"))
    asked(None, took=True)


@pytest.mark.parametrize(
    ("role", "said", "reason"),
    [
        ("duty_officer", {}, "None of your posts"),
        ("laboratory", {"took": True}, "You took this sample"),
        ("laboratory", {"area_code": "410882001"}, "do not reach this area"),
    ],
)
def test_others_are_refused_at_the_field(officer, role, said, reason):
    with pytest.raises(ValidationError, match=reason) as refused:
        asked(officer(role), **said)
    assert set(refused.value.message_dict) == {"result"}


def test_who_keeps_the_goods_is_refused_even_with_the_right(officer):
    both = officer("laboratory")
    appoint(both, role="cold_chain_keeper", area=Area.objects.get(code="410883001"), by=None)
    with pytest.raises(ValidationError, match="You keep the goods here"):
        asked(both)
    asked(both, is_store=False)
