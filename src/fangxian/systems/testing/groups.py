"""The groups that must be tested (应检尽检) and how often, as the packs say; and whose turn it is on a day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import get_language

from fangxian.core import policy
from fangxian.core.areas import code_range
from fangxian.systems.testing.models import GroupMember, TestDuty

KEYS, ONE = "testing.groups", "testing.group"
ANY = "unknown"
BUCKETS = GroupMember.BUCKETS


@dataclass(frozen=True)
class Group:
    """One group of the packs: `turns` tests in every `cycle` days, in tubes of at most `tube`."""

    key: str
    zh: str
    en: str
    cycle: int
    turns: int
    tube: int

    @property
    def name(self) -> str:
        """In the reader's language."""
        return self.en if get_language() == "en" else self.zh

    def offsets(self) -> frozenset[int]:
        """The days of the cycle on which it is somebody's turn, evenly spread: two in seven are day 0 and day 3."""
        return frozenset(turn * self.cycle // self.turns for turn in range(self.turns))

    def buckets(self, day: date) -> list[int]:
        """The shares of the group whose turn it is on a day."""
        turns = self.offsets()
        return [bucket for bucket in range(BUCKETS) if (day.toordinal() + bucket) % self.cycle in turns]


def all_groups(area_code: str = "", on: date | None = None, disease: str = ANY) -> list[Group]:
    """The groups in force, first ones first."""
    pack = policy.pack(disease=disease, area_code=area_code, on=on)
    return [Group(key, **pack.table(f"{ONE}.{key}")) for key in pack.items(KEYS)]


def names(area_code: str = "") -> dict[str, str]:
    """Key → name, for lists and pages."""
    return {group.key: group.name for group in all_groups(area_code)}


def bucket_of(person_id: UUID) -> int:
    """The share of its group a person belongs to; ids end in chance, so the shares are even."""
    return person_id.int % BUCKETS


def due(area_code: str, day: date, groups: Iterable[Group]) -> dict[str, QuerySet[GroupMember]]:
    """Whose turn it is, by group: a few index ranges, however long the lists are."""
    low, high = code_range(area_code)
    on_list = Q(from_on__isnull=True) | Q(from_on__lte=day)
    still = Q(until_on__isnull=True) | Q(until_on__gte=day)
    rows = GroupMember.objects.filter(on_list, still, area_id__gte=low, area_id__lt=high)
    return {group.key: _turn(rows.filter(group=group.key), group, day) for group in groups}


def planned(area_code: str, day: date, disease: str) -> QuerySet[TestDuty]:
    """Tests planned for a day: contacts, arrivals, recalls."""
    low, high = code_range(area_code)
    rows = TestDuty.objects.filter(due_on=day, disease=disease, area_id__gte=low, area_id__lt=high)
    return rows.exclude(state=TestDuty.State.CANCELLED)


def _turn(rows: QuerySet[GroupMember], group: Group, day: date) -> QuerySet[GroupMember]:
    buckets = group.buckets(day)
    return rows if len(buckets) == BUCKETS else rows.filter(bucket__in=buckets)
