"""Tracing in the words of the workflows: uuids and aware times in, uuids and aware times out."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from fangxian.core.ids import uuid7
from fangxian.warehouse.tracing import Tracer, Window
from tests.unit.warehouse.moments import DAY, NOW

AN, BO, CY, DI = (uuid7() for _ in range(4))
CAFE, BUS = uuid7(), uuid7()


def at(seconds: int) -> datetime:
    return datetime.fromtimestamp(NOW - DAY + seconds, UTC)


@pytest.fixture(params=["hot", "sealed"])
def tracer(log, arrival, request):
    """Yesterday: an and bo share the café for half an hour, cy comes ten minutes after; bo takes the bus with di."""

    def was(person: UUID, place: UUID, begin: int, end: int):
        return arrival(person=person, place=place, entered_at=NOW - DAY + begin, left_at=NOW - DAY + end)

    log.append([was(AN, CAFE, 0, 3600), was(BO, CAFE, 1800, 7200), was(CY, CAFE, 7800, 9000)])
    log.append([was(BO, BUS, 8000, 9000), was(DI, BUS, 8400, 9500)])
    if request.param == "sealed":
        log.seal()
    return Tracer(log)


CASE = Window("case 1", AN, at(-DAY), at(DAY))


def test_contacts_carry_refs_uuids_and_times(tracer):
    (found,) = tracer.trace([CASE, Window("unknown", uuid7(), at(0), at(9))])
    assert (found.case_ref, found.person, found.top_place) == ("case 1", BO, CAFE)
    assert (found.meetings, found.overlap_s, found.lag_meetings, found.places) == (1, 1800, 0, 1)
    assert found.first_at == found.last_at == at(1800)


def test_the_lag_finds_who_came_after(tracer):
    assert {found.person: found.overlap_s for found in tracer.trace([CASE], lag=7200)} == {BO: 1800, CY: 0}
    assert tracer.trace([CASE], min_overlap=1801) == []
    assert tracer.trace([CASE], without_places=[CAFE]) == []


def test_the_evidence_is_both_stays(tracer):
    (meeting,) = tracer.meetings(CASE, BO)
    assert meeting.place == CAFE
    assert (meeting.case_from, meeting.case_until) == (at(0), at(3600))
    assert (meeting.entered_at, meeting.left_at, meeting.overlap_s) == (at(1800), at(7200), 1800)
    assert tracer.meetings(CASE, DI) == []
    assert tracer.evidence([CASE]) == [meeting]


def test_who_was_there(tracer):
    assert {found.person for found in tracer.exposed_at(CAFE, at(0), at(600))} == {AN}
    assert {found.person for found in tracer.exposed_at(CAFE, at(0), at(7200), lag=900)} == {AN, BO, CY}
    assert tracer.exposed_at(uuid7(), at(0), at(600)) == []


def test_the_second_degree_is_ranked_and_cut(tracer):
    chain = tracer.second_degree([CASE], expand_min_overlap=900, limit=10)
    assert [found.person for found in chain.first] == [BO]
    assert {found.person: found.via for found in chain.second}[DI] == BO
    assert {type(found.first_at) for found in chain.second} == {datetime}
    cut = tracer.second_degree([CASE], expand_min_overlap=900, limit=0)
    assert (cut.second, cut.cut) == ([], {"case 1": len(chain.second)})


def test_no_case_is_no_contact_and_naive_times_are_refused(tracer):
    assert tracer.trace([]) == []
    with pytest.raises(ValueError, match="aware"):
        tracer.trace([Window("case", AN, datetime(2022, 3, 1), at(0))])


def test_an_erased_contact_is_not_named(tracer):
    tracer.log.erase(BO)
    assert tracer.trace([CASE], lag=0) == []
