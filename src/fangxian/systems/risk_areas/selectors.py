"""Reading risk areas. What is published is public: those questions know no scope. Proposals and people do."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from fangxian.core import policy
from fangxian.core.clock import now
from fangxian.core.policy import Pack
from fangxian.systems.risk_areas import rules, shapes, timeline
from fangxian.systems.risk_areas.matching import Zone, span_of
from fangxian.systems.risk_areas.models import Level, RiskAreaVersion
from fangxian.systems.risk_areas.timeline import Stretch

PUBLISHED = RiskAreaVersion.State.PUBLISHED


def in_force(
    at: date | datetime | None = None, *, disease: str = "", known_at: datetime | None = None,
    instead: Iterable[RiskAreaVersion] = (),
) -> list[Zone]:  # fmt: skip
    """The zones in force at a moment or on a local day (now), everywhere, the gravest first.

    disease: one, or "" for all. known_at: as it was known then. instead: versions to be counted as if published, for a
    look at what a proposal would do.
    """
    moment = now() if at is None else at
    begin, end = span_of(moment)
    zones: list[Zone] = []
    for versions in _stories(disease, known_at, list(instead)).values():
        story = timeline.stretches(versions, known_at)
        for one in story:
            if one.starts_at < end and (one.ends_at is None or one.ends_at > begin) and one.level != Level.LIFTED:
                zones.append(zone_of(story, one))
    return sorted(zones, key=lambda zone: (-zone.rank, zone.name))


def zone_of(story: list[Stretch], one: Stretch) -> Zone:
    """A stretch as a zone, with what the pack of its day says of its level."""
    version, pack = one.version, pack_of(one.version)
    words = rules.words(pack)
    return Zone(
        area_id=version.risk_area_id, version_id=version.pk, name=version.name, disease=version.disease,
        level=version.level, rank=words.ranks.get(version.level, 0), managed=version.level in words.managed,
        codes=version.code_list, starts_at=one.starts_at, ends_at=one.ends_at,
        declared_at=timeline.declared_at(story, one, words.managed), look_back_days=words.look_back_days,
        shape=shapes.read(version.shape) if version.shape else None, lies_in=version.lies_in,
        building=version.building, pack=pack.version,
    )  # fmt: skip


def pack_of(version: RiskAreaVersion) -> Pack:
    """The rules for a version: of its disease, where it is kept, on the day it begins."""
    return policy.pack(disease=version.disease, area_code=version.area_id, on=version.begins_on)


def _stories(disease: str, known_at: datetime | None, instead: list[RiskAreaVersion]) -> dict[UUID, list]:
    """Published versions by area, everywhere: what is published is public."""
    rows = RiskAreaVersion.unscoped.filter(state=PUBLISHED)
    if disease:
        rows = rows.filter(disease=disease)
    if known_at is not None:
        rows = rows.filter(published_at__lte=known_at)
    found: dict[UUID, list[RiskAreaVersion]] = defaultdict(list)
    for version in [*rows, *instead]:
        found[version.risk_area_id].append(version)
    return found
