"""Tracing in the words of the workflows: uuids and aware times in, uuids and aware times out."""

from datetime import UTC, date, datetime
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


@pytest.fixture(params=["hot", "sealed"])
def banquet(log, arrival, request):
    """Three guests of one table yesterday evening, all colleagues at the plant day after day; a town around them."""

    def was(person: UUID, place: UUID, begin: int, end: int):
        return arrival(person=person, place=place, entered_at=NOW - DAY + begin, left_at=NOW - DAY + end)

    town = [was(uuid7(), uuid7(), hour * 3600, hour * 3600 + 1800) for hour in range(-72, 6) for _ in range(2)]
    guests = [was(guest, CAFE, minute * 60, 7200) for minute, guest in enumerate((AN, BO, CY))]
    shifts = [was(guest, BUS, -day * DAY - 9000, -day * DAY) for day in range(1, 5) for guest in (AN, BO, CY)]
    log.append([*town, *guests, *shifts])
    if request.param == "sealed":
        log.seal()
    return Tracer(log, snapshot=True)


def test_a_source_names_the_cases_the_days_and_the_regulars(banquet):
    windows = [Window(f"case {n}", guest, at(-5 * DAY), at(DAY)) for n, guest in enumerate((AN, BO, CY))]
    cafe, plant = banquet.sources([*windows, Window("unknown", uuid7(), at(0), at(9))])
    assert (cafe.place, cafe.cases, cafe.regulars) == (CAFE, ("case 0", "case 1", "case 2"), ())
    assert (cafe.peak, cafe.peak_at) == (3, at(120))
    ((day, cases, expected, visits),) = cafe.days
    assert (day, cases, visits) == (date(2022, 3, 14), 3, 3)
    assert 0 < expected <= cafe.expected < 1 < cafe.llr
    assert (plant.place, plant.cases, plant.regulars) == (BUS, (), cafe.cases)
    assert (plant.llr, plant.peak, plant.peak_at, plant.days) == (0, 0, None, ())


def test_sources_can_be_narrowed(banquet):
    windows = [Window(f"case {n}", guest, at(-5 * DAY), at(DAY)) for n, guest in enumerate((AN, BO, CY))]
    assert [found.place for found in banquet.sources(windows, without_places=[CAFE])] == [BUS]
    assert [found.cases for found in banquet.sources(windows, k=4)] == []
    both = banquet.sources(windows, subtract_regulars=False)
    assert {found.place for found in both} == {CAFE, BUS}
    assert [found.place for found in banquet.sources(windows, subtract_regulars=False, limit=1)] == [both[0].place]
    assert banquet.sources([]) == []


def test_what_a_question_reads(banquet):
    windows = [Window(f"case {n}", guest, at(0), at(DAY)) for n, guest in enumerate((AN, BO, CY))]
    told = banquet.explain([*windows, Window("unknown", uuid7(), at(0), at(9))])
    assert (told.question, told.engine, told.why, told.cases) == ("trace", "segments", "segments", 3)
    assert 0 < told.rows_touched < banquet.explain(windows, question="sources").rows_touched
    assert told.rows_touched <= banquet.explain(windows, question="trace_chain").rows_touched
    assert banquet.explain(windows, without_places=[CAFE], max_place_rows=1).visits == told.visits
    assert banquet.explain([]).rows_touched == 0
