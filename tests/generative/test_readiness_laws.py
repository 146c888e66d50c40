"""Whatever the figures, thresholds and the order of things: no community is ever granted with a broken criterion."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fangxian.core import clock, scope
from fangxian.core.areas import Area
from fangxian.systems.readiness import services
from fangxian.systems.readiness.models import EpidemicFree
from fangxian.systems.readiness.rules import Criterion, Verdict, broken, ending

NOON = datetime(2022, 3, 20, 4, tzinfo=UTC)
numbers = st.one_of(st.none(), st.integers(0, 20).map(float))
criteria = st.builds(
    Criterion, key=st.sampled_from("abcd"), measure=st.just("m"), text=st.just("t"), at_least=numbers, at_most=numbers,
    unknown=st.booleans(), ends=st.booleans(),
)  # fmt: skip
verdicts = st.lists(st.builds(Verdict, criteria, numbers, known=st.booleans()), min_size=0, max_size=4)
acts = st.lists(st.tuples(st.sampled_from(["apply", "approve", "check", "wait"]), verdicts), min_size=1, max_size=8)


@given(found=verdicts)
def test_what_ends_is_broken_and_what_is_unknown_is_not_met(found):
    assert {id(one) for one in ending(found)} <= {id(one) for one in broken(found)}
    assert all(not one.met for one in found if not one.known)
    for one in found:
        if one.known and one.figure is not None:
            low, high = one.criterion.at_least, one.criterion.at_most
            assert one.met == ((low is None or one.figure >= low) and (high is None or one.figure <= high))


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=acts)
def test_never_granted_with_a_broken_criterion(acts, county, officer):
    EpidemicFree.unscoped.all().delete()
    one, other = officer("village_secretary", area="410883001212"), officer("duty_officer")
    area, at, last = Area.objects.get(code="410883001212"), NOON, []
    with scope.everywhere("test"):
        for act, found in acts:
            with clock.frozen(at), suppress(ValidationError):
                row = EpidemicFree.objects.filter(state__in=EpidemicFree.OPEN).first()
                if act == "wait":
                    at += timedelta(days=16)
                elif act == "apply":
                    services.apply(by=one, area=area, verdicts=found)
                elif row is not None:
                    step = services.approve if act == "approve" else services.take_community_check
                    last = found if act == "check" or not broken(found) else last
                    step(row=row, verdicts=found, **({"by": other} if act == "approve" else {}))
            for row in EpidemicFree.objects.filter(state="GRANTED"):
                assert row.broken == 0 and not ending(last)
                assert row.decided_by_id == other.pk != row.created_by_id
