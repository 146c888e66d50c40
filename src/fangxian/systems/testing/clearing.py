"""Whether the people of some areas were all found negative lately: what lowering a risk area asks of the laboratory."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from fangxian.core.areas import code_range
from fangxian.systems.testing.models import LabResult, Sample

CHUNK = 5_000


@dataclass(frozen=True)
class Found:
    """Of people sampled since a moment: how many have a negative result in force, how many a positive one."""

    negative: int
    positive: int


def of_areas(codes: Iterable[str], since: datetime, disease: str) -> Found:
    """The people some areas answer for; each counts once, a positive result outweighs a negative one."""
    inside = Q(pk__in=[])
    for code in codes:
        low, high = code_range(code)
        inside |= Q(person__area_id__gte=low, person__area_id__lt=high)
    rows = Sample.objects.filter(inside, sampled_at__gte=since)
    return _found(rows, disease)


def of_people(person_ids: Iterable[UUID], since: datetime, disease: str) -> Found:
    """The same for people by id."""
    ids, negative, positive = list(dict.fromkeys(person_ids)), 0, 0
    for start in range(0, len(ids), CHUNK):
        part = _found(Sample.objects.filter(person_id__in=ids[start : start + CHUNK], sampled_at__gte=since), disease)
        negative, positive = negative + part.negative, positive + part.positive
    return Found(negative, positive)


def _found(rows, disease: str) -> Found:
    results = LabResult.Value
    standing = {"tube__results__disease": disease, "tube__results__state": LabResult.State.IN_FORCE}
    by_value = {
        value: set(rows.filter(tube__results__value=value, **standing).order_by().values_list("person_id", flat=True))
        for value in (results.NEGATIVE, results.POSITIVE)
    }
    ill = by_value[results.POSITIVE]
    return Found(len(by_value[results.NEGATIVE] - ill), len(ill))
