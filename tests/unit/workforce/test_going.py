"""Staff sent down and called back, the balance of areas, and field visits whose findings are mended."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from fangxian.core import clock
from fangxian.core.areas import Area
from fangxian.systems.inspection import selectors as findings
from fangxian.systems.workforce import selectors, services
from fangxian.workflows import field_visit
from tests.unit.workforce.conftest import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_eight")]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def town(county):
    return Area.objects.get(code="410883001")


def sent(county, town, **given):
    values = {"name": "赵国强", "unit": "市教育局", "where": "大定街道", "duty": "入户排查", "starts_at": NOW - DAY}
    return services.send(by=None, area=town, from_area=county, **{**values, **given})


def test_the_balance_follows_who_is_sent(county, officer, town):
    for _n in range(5):
        officer("grid_worker", area="410883001212")
    other = Area.objects.get(code="410883002")
    sent(other, town)
    sent(town, other, name="钱秀英")
    sent(town, other, name="孙海涛")
    sent(county, town, name="李来", starts_at=NOW + HOUR)  # not yet
    here, there = selectors.balances([town, other])
    assert (here.own, here.away, here.come, here.there, here.reserve, here.free) == (5, 2, 1, 4, 1, 2)
    assert (there.own, there.away, there.come, there.free) == (0, 1, 2, -1)


def test_nobody_is_in_two_places(county, town):
    sent(county, town, ends_at=NOW + DAY)
    with pytest.raises(ValidationError, match="call them back first"):
        sent(county, town, starts_at=NOW)
    with pytest.raises(ValidationError, match="call them back first"):
        sent(county, town, starts_at=NOW - 2 * DAY)
    sent(county, town, starts_at=NOW + DAY)
    with pytest.raises(ValidationError, match="ends after it begins"):
        sent(county, town, name="钱秀英", ends_at=NOW - DAY)


def test_called_back_is_over(county, officer, town):
    one = sent(county, town)
    assert list(selectors.deployed(town.code)) == [one] == list(selectors.deployed(county.code))
    back = services.call_back(deployment=one, by=officer())
    assert back.ends_at == NOW and not selectors.deployed(town.code)
    with pytest.raises(ValidationError, match="over already"):
        services.call_back(deployment=one, by=officer())
    with pytest.raises(ValidationError, match="not begun"):
        services.call_back(deployment=sent(county, town, starts_at=NOW + DAY), by=officer())


def visited(by, county, town, **given):
    values = {"name": "张书记", "unit": "大定街道党工委", "where": "孟吉交界处卡点", "duty": "查设卡站点",
              "starts_at": NOW - 3 * HOUR, "ends_at": NOW - 2 * HOUR}  # fmt: skip
    return field_visit.log(by=by, area=town, from_area=town, **{**values, **given})


def test_what_a_leader_found_is_a_finding_like_any_other(county, officer, town):
    duty = officer()
    visit = visited(duty, county, town, found="夜间无人值守")
    finding = findings.finding(visit.finding_id)
    assert (finding.where, finding.what, finding.state, finding.area) == (
        "孟吉交界处卡点",
        "夜间无人值守",
        "OPEN",
        town,
    )
    assert finding.subject_id == visit.pk and finding.task is not None and "张书记" in finding.basis
    again = visited(duty, county, town, found="夜间无人值守", id=visit.pk)
    assert (again.pk, again.finding_id) == (visit.pk, finding.pk)


def test_nothing_found_is_no_finding_and_a_visit_is_never_ahead(county, officer, town):
    assert visited(officer(), county, town).finding_id is None
    with pytest.raises(ValidationError, match="when it has been made"):
        visited(officer(), county, town, starts_at=NOW + HOUR, ends_at=NOW + 2 * HOUR)
    with pytest.raises(ValidationError):
        visited(officer(), county, town, found="脏", starts_at=NOW - 5 * HOUR)  # too little said for a finding
    assert len(selectors.visits(county.code, NOW - DAY)) == 1


def test_the_leaders_a_unit_named_are_counted(county, officer, town, monkeypatch):
    named = {town.code: (town, "张书记", "李镇长"), county.code: (county, "王书记", "")}
    monkeypatch.setattr(field_visit.directives, "named_leaders", lambda _code: named)
    visited(officer(), county, town)
    found = [(one.name, one.visits, one.overdue) for one in field_visit.standing(county.code)]
    assert found == [("王书记", 0, True), ("李镇长", 0, True), ("张书记", 1, False)]
    with clock.frozen(NOW + 8 * DAY):
        assert all(one.overdue for one in field_visit.standing(county.code))
