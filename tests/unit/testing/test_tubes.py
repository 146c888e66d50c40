"""Tubes and what goes into them."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from fangxian.core import records
from fangxian.core.areas import Area
from fangxian.core.clock import now
from fangxian.core.ids import uuid7
from fangxian.systems.testing import entry, selectors, services
from fangxian.systems.testing.models import LabAccident, Sample, Tube

# size  inside  more   fits
CAPACITY = [
    (1,  0,     1,     True),
    (1,  1,     1,     False),
    (5,  4,     1,     True),
    (5,  4,     2,     False),
    (10, 9,     1,     True),
    (20, 20,    1,     False),
]  # fmt: skip


@pytest.mark.parametrize(("size", "inside", "more", "fits"), CAPACITY)
def test_a_tube_takes_what_its_size_says(tube, people, size, inside, more, fits):
    made = tube("A1", size=size, samples=inside)
    if fits:
        assert len(services.add_samples(by=None, tube="a1", persons=people(more))) == more
    else:
        with pytest.raises(ValidationError, match=f"it takes {size}"):
            services.add_samples(by=None, tube=made, persons=people(more))
        assert len(selectors.samples_in(made)) == inside


def test_the_same_barcode_is_the_same_tube(tube, village):
    made = tube("A1", size=5)
    assert services.register_tube(by=None, area=village, barcode=" a1", size=5) == made
    with pytest.raises(ValidationError, match="another tube"):
        services.register_tube(by=None, area=village, barcode="A1", size=10)
    with pytest.raises(ValidationError, match="another tube"):
        services.register_tube(by=None, area=Area.objects.get(code="410883"), barcode="A1", size=5)


def test_a_person_scanned_twice_is_in_the_tube_once(tube, people):
    made, person = tube("A1", size=1, samples=0), people(1)[0]
    first = services.add_sample(by=None, tube=made, person=person)
    assert services.add_sample(by=None, tube=made, person=person) == first


def test_a_phone_that_sends_again_gets_the_stored_sample(tube):
    made, sent = tube("A1", samples=0), uuid7()
    words = {"tube": made, "described": "frozen pork, lot 7", "subject": "GOODS", "id": sent}
    first = services.add_sample(by=None, **words)
    assert services.add_sample(by=None, **words) == first
    assert (first.pk, Sample.objects.count(), str(first)) == (sent, 1, "A1 · frozen pork, lot 7")


def test_a_sample_of_nobody_must_say_what_it_is(tube):
    with pytest.raises(ValidationError, match="Name the person"):
        services.add_sample(by=None, tube=tube("A1", samples=0), described="a table")


def test_nothing_goes_into_a_tube_that_left_or_has_a_result(tube, people, enter):
    shipped, tested = tube("A1", size=5), tube("B1", size=5)
    records.change(shipped, by=None, action="test.shipped", shipment="SHIPPED", shipped_at=now())
    enter("B1", "NEGATIVE")
    for made, reason in ((shipped, "already left"), (tested, "already has a result")):
        with pytest.raises(ValidationError, match=reason):
            services.add_sample(by=None, tube=made, person=people(1)[0])


def test_samples_are_neither_from_the_future_nor_in_unknown_tubes(tube, people):
    with pytest.raises(ValidationError, match="future"):
        later = now() + timedelta(hours=1)
        services.add_sample(by=None, tube=tube("A1", size=5), person=people(1)[0], sampled_at=later)
    with pytest.raises(ValidationError, match="not registered"):
        services.add_sample(by=None, tube="Z9", person=people(1)[0])


def test_a_moved_time_is_refused_or_flagged_never_silent(tube, enter):
    """Before the tube leaves a slip is set right; afterwards others rely on it; what cannot be is refused."""
    made = tube("A1", samples=1)
    (sample,) = selectors.samples_in(made)

    def move(minutes: int) -> list[str]:
        current = Sample.objects.select_related("tube", "tube__round").get(pk=sample.pk)
        values = {"sampled_at": now() + timedelta(minutes=minutes)}
        try:
            entry.write_sample(by=None, values=values, record=current, base_version=None, source="web")
        except ValidationError as error:
            assert list(error.message_dict) == ["sampled_at"]
        kinds = list(LabAccident.objects.order_by("seen_at", "pk").values_list("kind", "outcome"))
        LabAccident.objects.all().delete()
        return [f"{kind} {outcome}" for kind, outcome in kinds]

    assert move(-50) == []
    assert move(30) == ["SAMPLED_IN_FUTURE REFUSED"]
    records.change(made, by=None, action="test.shipped", shipment="SHIPPED", shipped_at=now() - timedelta(minutes=30))
    assert move(-40) == ["SAMPLE_MOVED FLAGGED"]
    assert move(-20) == ["TUBE_LEFT REFUSED"]
    records.change(Tube.objects.get(pk=made.pk), by=None, action="test.shipped", shipped_at=None)
    enter("A1", "NEGATIVE")
    assert move(5) == ["RESULT_BEFORE_SAMPLE REFUSED"]
    assert Sample.objects.get(pk=sample.pk).sampled_at == now() - timedelta(minutes=40)


def test_a_tube_keeps_its_barcode_and_size(tube, enter):
    made = tube("A1", size=5, samples=2)

    def change(**values):
        return entry.write_tube(by=None, values=values, record=made, base_version=None, source="web")

    with pytest.raises(ValidationError, match="keeps its barcode"):
        change(barcode="A2")
    with pytest.raises(ValidationError, match="already 2 samples"):
        change(size=1)
    assert change(size=10).size == 10
    enter("A1", "NEGATIVE")
    with pytest.raises(ValidationError, match="keeps its size"):
        change(size=20)


def test_reading(tube, enter, people):
    made = tube("A1", size=5, samples=2)
    assert selectors.tube("A1") == made
    assert list(selectors.waiting_tubes(timedelta(minutes=30))) == [made]
    result = enter("A1", "POSITIVE")
    assert list(selectors.waiting_tubes(timedelta(minutes=30))) == []
    assert selectors.result(result.pk) == result
    assert selectors.sampled_at(result) == now() - timedelta(hours=1)
    person = selectors.persons_of(result)[0]
    assert list(selectors.results_of_person(person)) == [result]
    assert list(selectors.results_of_person(person, "measles")) == []
    assert list(selectors.positives(now(), "covid19")) == list(selectors.positives()) == [result]
    enter("A1", "NEGATIVE")
    assert selectors.held().count() == 2
