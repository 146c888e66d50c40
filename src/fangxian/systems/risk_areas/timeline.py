"""The story of one risk area: which of its versions holds when. Pure: versions in, stretches of time out.

    published, in order        holds
    1: medium from 10 March    10–14 March
    2: high from 14 March      14–21 March
    3: medium from 21 March    from 21 March on
    4: corrects 2: high from 13 March     version 2 is as if it had never been; 13–21 March is version 4
    5: corrects 3: withdrawn              version 3 is as if it had never been; version 4 goes on

At every moment the version holds that covers it and was published last; a version that another one corrects never does.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from fangxian.systems.risk_areas.models import RiskAreaVersion
from fangxian.systems.risk_areas.words import Level


@dataclass(frozen=True)
class Stretch:
    """A version, and the half-open span in which it holds; `ends_at` None: until something else is published."""

    version: RiskAreaVersion
    starts_at: datetime
    ends_at: datetime | None

    @property
    def level(self) -> str:
        """Its level."""
        return self.version.level


def stretches(versions: Iterable[RiskAreaVersion], known_at: datetime | None = None) -> list[Stretch]:
    """The stretches of one area, in order of time, as known at a moment (now: everything that is published)."""
    counting = standing(versions, known_at)
    edges = sorted({edge for one in counting for edge in (one.from_at, one.until_at) if edge})
    found: list[Stretch] = []
    for start, end in zip(edges, [*edges[1:], None], strict=False):
        version = _at(counting, start)
        if version is None:
            continue
        if found and found[-1].version is version and found[-1].ends_at == start:
            start = found.pop().starts_at
        found.append(Stretch(version, start, end))
    return found


def standing(versions: Iterable[RiskAreaVersion], known_at: datetime | None = None) -> list[RiskAreaVersion]:
    """Published versions nobody has corrected, in order of their numbers."""
    told = [one for one in versions if one.published_at and (known_at is None or one.published_at <= known_at)]
    corrected = {one.corrects_id for one in told}
    holds = (one for one in told if one.pk not in corrected and one.level != Level.WITHDRAWN)
    return sorted(holds, key=lambda one: one.number)


def declared_at(story: Sequence[Stretch], at: Stretch, managed: frozenset[str]) -> datetime:
    """Since when the area has been at managed levels without a break, up to a stretch."""
    start = at.starts_at
    for one in reversed(story[: story.index(at)]):
        if one.ends_at != start or one.level not in managed or one.level == Level.LIFTED:
            break
        start = one.starts_at
    return start


def holding(story: Iterable[Stretch], at: datetime) -> Stretch | None:
    """The stretch a moment lies in."""
    return next((one for one in story if one.starts_at <= at and (one.ends_at is None or at < one.ends_at)), None)


def _at(versions: Sequence[RiskAreaVersion], moment: datetime) -> RiskAreaVersion | None:
    holds = (one for one in reversed(versions) if one.from_at <= moment and (not one.until_at or moment < one.until_at))
    return next(holds, None)
