"""The county board, kept current.

    every five minutes          what was written since is counted anew; a day that is over is closed
    whoever opens the board     asks for a new count when one waits and the last is older than the pack allows
    every night                 everything is counted from the rows beside what is kept: the drift has to be 0

Counting is a job, so no page waits for it and no write pays for it; the page says as of when it counts.
"""

from datetime import timedelta
from typing import Any

from fangxian.core import jobs, policy
from fangxian.core.clock import now
from fangxian.core.jobs import Job
from fangxian.core.officers import Officer
from fangxian.core.policy.files import ANY_DISEASE
from fangxian.systems.situation import selectors, services

__all__ = ["ask", "keep", "night"]

JOB = "situation.refresh"


def keep() -> dict[str, Any]:
    """Bring the counts to now and close the day that is over; for the rounds. Returns how much changed."""
    done = services.refresh()
    day = services.close_due()
    return {"figures": done.figures, "cells": done.cells, "closed": str(day) if day else None}


def ask(*, by: Officer | None) -> selectors.Standing:
    """How far the counts are; when something waits and the last count is old enough, a new one is queued."""
    found = selectors.standing()
    pause = timedelta(seconds=float(policy.pack(disease=ANY_DISEASE).number("situation.refresh_seconds")))
    if found.at is None or (now() - found.at > pause and found.is_waiting):
        jobs.enqueue(JOB, by=by, key="now")
    return found


def night() -> dict[str, int]:
    """Count everything anew beside what is kept, and drop the rows of days nobody compares with any more."""
    found = services.compare()
    return {"cells": found.cells, "drift": len(found.drift), "forgotten": services.forget()}


@jobs.job(JOB)
def refresh_job(job: Job) -> dict[str, Any]:
    """One count of what waits."""
    return keep()
