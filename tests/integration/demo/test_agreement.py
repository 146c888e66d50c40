"""The close contacts on record are exactly those that visits, households and statements make, recounted here."""

import dataclasses
from datetime import datetime, time, timedelta

import numpy as np
import pytest

from fangxian.demo.days import ZONE
from fangxian.demo.morning import SAMPLED_AT
from fangxian.demo.outbreak import Presence
from fangxian.systems.cases.models import Case, Contact, Exposure, Response

pytestmark = [pytest.mark.slow, pytest.mark.postgres_only]  # beside the other tests of the county
QUARTER, DAYS_BEFORE = 15 * 60, 2  # protocol v8 and the pack's default


def test_platform_and_recount_agree_person_by_person(lived):
    demo, report, _told = lived
    recorded, index = _recorded(demo.world), demo.loaded.person_index()
    runs = Response.objects.filter(case__positive_at__year=2022, case__positive_at__month=3)
    ends = {run.case_id: run.finished_at for run in runs.order_by("run")}
    cases = Case.objects.filter(pk__in=ends)
    ill = {index[case.person_id] for case in cases}
    assert len(ends) == report.cases
    for case in cases:
        wanted = _close(demo.world, recorded, index, case, ends[case.pk]) - ill
        rows = Contact.objects.filter(case=case, ring=Contact.Ring.CLOSE).exclude(status=Contact.Status.DROPPED)
        assert {index[person] for person in rows.values_list("person_id", flat=True)} - ill == wanted


def _recorded(world) -> Presence:
    """What the log knows: scanned arrivals, and the assumed stay where nobody scanned the departure."""
    moves = world.moves
    assumed = moves.entered + np.array(world.venues.stay)[moves.place] * 60
    left = np.where(moves.leaves_scan, moves.left, assumed).astype(np.int32)
    return Presence(dataclasses.replace(moves, left=left).only(moves.is_scanned))


def _close(world, recorded: Presence, index: dict, case: Case, until: datetime) -> set[int]:
    first = (case.onset_on or SAMPLED_AT.date()) - timedelta(days=DAYS_BEFORE)
    begin = datetime.combine(first, time(), ZONE)
    met = recorded.meetings(index[case.person_id], int(begin.timestamp()), int(until.timestamp()))
    together = np.bincount(met.person.astype(np.int64), met.end - met.start)
    named = Exposure.objects.filter(case=case, person__isnull=False, starts_at__lt=until, ends_at__gt=begin)
    by_name = {index[person] for person in named.values_list("person_id", flat=True)}
    home = set(world.household(index[case.person_id]).tolist())
    return {*np.flatnonzero(together >= QUARTER).tolist(), *home, *by_name}
