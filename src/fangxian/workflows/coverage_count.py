"""Coverage of a whole county without waiting: counted in the background, shown with the moment it was counted.

A village is counted as one looks at it. A county of several hundred thousand people takes seconds, so it is counted by
a job, cell by cell, and every page of it and of its townships adds up what the last job found. Whoever opens the page
asks for a new count when the last one is older than the pack allows; on a day nobody looks, nothing is counted. What is
kept holds numbers only, in the result of the job.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from fangxian.core import jobs, scope
from fangxian.core.areas import Area, code_range
from fangxian.core.clock import now, today
from fangxian.core.jobs import Job
from fangxian.core.officers import Officer
from fangxian.core.policy import Pack
from fangxian.systems.immunization import coverage, rules
from fangxian.systems.immunization.coverage import Covered, Line

__all__ = ["Counted", "of_area"]

JOB, COUNTY = "immunization.coverage", 6
OPEN = (Job.State.QUEUED, Job.State.RUNNING)
WHY = "numbers of a county are counted whole; whoever reads them is shown the part of their own area"


@dataclass(frozen=True)
class Counted:
    """Coverage of an area, and when it was counted.

    lines   the total first, then the areas below; empty while the first count runs
    at      None where it was counted for this page
    runs    whether a new count is under way
    """

    lines: list[Line]
    at: datetime | None = None
    runs: bool = False


def of_area(area_code: str, disease: str, pack: Pack, *, digits: int, by: Officer | None) -> Counted:
    """Coverage below an area, one line for each area whose code has so many digits.

    Reads in the scope in force where few people live; a larger area is what the jobs of its counties found, of which
    those too old are asked anew.
    """
    if not coverage.more_than(area_code, int(pack.number("vaccination.coverage_live_people"))):
        return Counted(coverage.by_area(area_code, disease, pack, digits=digits))
    last = {code: _last(code, disease) for code in _counties(area_code)}
    oldest = now() - timedelta(minutes=int(pack.number("vaccination.coverage_minutes")))
    for code, job in last.items():
        if job is None or job.finished_at is None or job.finished_at < oldest:
            jobs.enqueue(JOB, by=by, key=f"{code}:{disease}", county=code, disease=disease)
    done = [job for job in last.values() if job is not None]
    runs = Job.objects.filter(kind=JOB, key__in=[f"{code}:{disease}" for code in last], state__in=OPEN).exists()
    if not done:
        return Counted([], None, runs)
    cells = {code: found for job in done for code, found in _cells(job) if code.startswith(area_code)}
    return Counted(coverage.lines(area_code, pack, cells, digits=digits), min(_at(job) for job in done), runs)


@jobs.job(JOB)
def count_job(job: Job, county: str, disease: str) -> dict[str, Any]:
    """Every cell of a county, as four numbers a group: people, begun, complete, boosted."""
    with scope.everywhere(WHY):
        found = coverage.cells(county, disease, rules.pack_of(disease, county))
    return {
        "day": str(today()),
        "cells": {code: {key: one.numbers for key, one in groups.items()} for code, groups in found.items()},
    }


def _last(county: str, disease: str) -> Job | None:
    """The last count of today that is done: yesterday's ages are not today's."""
    found = Job.objects.filter(kind=JOB, key=f"{county}:{disease}", state=Job.State.DONE, result__day=str(today()))
    return found.order_by("-finished_at").first()


def _counties(area_code: str) -> list[str]:
    """The counties an area lies in or has."""
    if len(area_code) >= COUNTY:
        return [area_code[:COUNTY]]
    low, high = code_range(area_code)
    inside = Area.objects.filter(code__gte=low, code__lt=high, kind=Area.Kind.COUNTY)
    return list(inside.order_by("code").values_list("code", flat=True))


def _cells(job: Job) -> Iterator[tuple[str, dict[str, Covered]]]:
    for code, groups in job.result["cells"].items():
        yield code, {key: Covered(*numbers) for key, numbers in groups.items()}


def _at(job: Job) -> datetime:
    return job.finished_at or job.created_at
