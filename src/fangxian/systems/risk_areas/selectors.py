"""Reading risk areas. What is published is public: those questions know no scope. Proposals and people do."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.db.models import F, OuterRef, Q, Subquery

from fangxian.core import policy
from fangxian.core.clock import now
from fangxian.core.policy import Pack
from fangxian.systems.risk_areas import rules, shapes, timeline
from fangxian.systems.risk_areas.matching import Zone, span_of
from fangxian.systems.risk_areas.models import Evaluation, RiskAreaVersion
from fangxian.systems.risk_areas.timeline import Stretch
from fangxian.systems.risk_areas.words import Level

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
        building=version.building, pack=pack.version, gravity=words.gravity.get(version.level, ""),
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


def own_version(version_id: UUID | str) -> RiskAreaVersion:
    """One version inside the scope; raises DoesNotExist."""
    return RiskAreaVersion.objects.get(pk=version_id)


def version(version_id: UUID | str) -> RiskAreaVersion:
    """One version: anybody's when it is published, else inside the scope; DoesNotExist for any other."""
    found = RiskAreaVersion.unscoped.filter(pk=version_id, state=PUBLISHED)
    rows = found if found.exists() else RiskAreaVersion.objects.filter(pk=version_id)
    return rows.select_related("area", "risk_area", "created_by", "changed_by", "decided_by", "corrects").get()


def history(risk_area_id: UUID | str) -> list[RiskAreaVersion]:
    """All versions of an area, the newest first: published ones are everybody's, others those of the scope."""
    readable = Q(state=PUBLISHED) | Q(pk__in=RiskAreaVersion.objects.filter(risk_area_id=risk_area_id).values("pk"))
    rows = RiskAreaVersion.unscoped.filter(readable, risk_area_id=risk_area_id)
    return list(rows.select_related("area", "risk_area", "created_by", "decided_by", "corrects").order_by("-number"))


def proposals() -> list[RiskAreaVersion]:
    """What waits for a second person inside the scope, the oldest first."""
    rows = RiskAreaVersion.objects.filter(state=RiskAreaVersion.State.PROPOSED)
    return list(rows.select_related("area", "risk_area", "created_by").order_by("created_at", "pk"))


def story_of(
    risk_area_id: UUID, known_at: datetime | None = None, instead: Iterable[RiskAreaVersion] = ()
) -> list[Stretch]:
    """Which version of an area holds when."""
    rows = RiskAreaVersion.unscoped.filter(risk_area_id=risk_area_id, state=PUBLISHED).select_related("area")
    return timeline.stretches([*rows, *instead], known_at)


def standing_version(risk_area_id: UUID, at: datetime) -> RiskAreaVersion:
    """The version that holds at a moment; where none does, the one published last."""
    holding = timeline.holding(story_of(risk_area_id), at)
    if holding:
        return version(holding.version.pk)
    last = RiskAreaVersion.unscoped.filter(risk_area_id=risk_area_id, state=PUBLISHED).order_by("-number").first()
    if last is None:
        raise RiskAreaVersion.DoesNotExist("nothing is published about this area")
    return version(last.pk)


def zone_at(
    risk_area_id: UUID, at: datetime, instead: Iterable[RiskAreaVersion] = ()
) -> tuple[Zone | None, Pack | None]:
    """The zone of one area at a moment with its pack; None where nothing holds or it is lifted."""
    story = story_of(risk_area_id, instead=instead)
    holding = timeline.holding(story, at)
    if holding is None or holding.level == Level.LIFTED:
        return None, None
    return zone_of(story, holding), pack_of(holding.version)


def as_if_published(proposal: RiskAreaVersion) -> RiskAreaVersion:
    """A copy of a proposal for the questions above; it is never saved."""
    shown = RiskAreaVersion(**{field.attname: getattr(proposal, field.attname) for field in proposal._meta.fields})
    shown.state, shown.published_at = PUBLISHED, shown.published_at or now()
    shown.number = shown.number or 2**31 - 1
    return shown


def due_areas(at: datetime) -> list[RiskAreaVersion]:
    """Published versions that began or ended by a moment and whose area has not been looked at since."""
    last = Evaluation.unscoped.filter(risk_area_id=OuterRef("risk_area_id"), finished_at__isnull=False)
    rows = RiskAreaVersion.unscoped.filter(state=PUBLISHED).annotate(looked=Subquery(
        last.order_by("-judged_at").values("judged_at")[:1]
    ))  # fmt: skip
    began = Q(from_at__lte=at) & (Q(looked__lt=F("from_at")) | Q(looked__isnull=True))
    ended = Q(until_at__lte=at, looked__lt=F("until_at"))
    found = {row.risk_area_id: row for row in rows.filter(began | ended).order_by("number")}
    return list(found.values())
