"""Reading operating modes: what stands, what waits, what was; and the duty that goes with a mode."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from fangxian.core import modes, policy
from fangxian.core.areas import Area, code_range, ranges
from fangxian.core.clock import now
from fangxian.core.modes import Mode, OperatingMode
from fangxian.core.officers import Officer, Post
from fangxian.core.permissions import Permission
from fangxian.core.policy.files import ANY_DISEASE
from fangxian.core.roles import ROLES, DutyOfficer

SHIFT, ON_DUTY, LEADER = "command.duty.shift_hours", "command.duty.officers", "command.duty.leader"
FIRST_HOUR, REPORT_UP = "command.duty.first_hour", "command.report_up_hours"
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Standing:
    """The mode an area works in: since when, by which area's declaration; both None where nothing is declared."""

    area: Area
    mode: Mode
    since: datetime | None = None
    by_area: Area | None = None
    declaration_id: UUID | None = None

    @property
    def inherited(self) -> bool:
        """Whether another area's declaration counts here."""
        return self.by_area is not None and self.by_area.code != self.area.code


@dataclass(frozen=True)
class Duty:
    """The duty roster the packs ask for in a mode: the shift that runs now, how many of those who could there are."""

    mode: Mode
    shift_hours: int
    wanted: int
    leader: bool
    report_up_hours: int
    begins_at: datetime
    ends_at: datetime
    officers: int

    @property
    def short(self) -> int:
        """How many officers a round of shifts lacks, each on duty once a day."""
        return max(0, self.wanted * self.shifts - self.officers)

    @property
    def shifts(self) -> int:
        """Shifts of a day."""
        return int(DAY / timedelta(hours=self.shift_hours))


def declaration(pk: UUID | str) -> OperatingMode:
    """One declaration; `OperatingMode.DoesNotExist` outside the scope."""
    return OperatingMode.objects.select_related("area", "area__parent", "created_by", "decided_by").get(pk=pk)


def history(area_code: str) -> QuerySet[OperatingMode]:
    """All declarations of an area itself, of every state, the latest first."""
    rows = OperatingMode.objects.filter(area_id=area_code).select_related("area", "created_by", "decided_by")
    return rows.order_by("-from_at", "-pk")


def waiting() -> QuerySet[OperatingMode]:
    """Proposals inside the scope that wait for a second person."""
    rows = OperatingMode.objects.filter(state=OperatingMode.State.PROPOSED).select_related("area", "created_by")
    return rows.order_by("from_at", "pk")


def begun(at: datetime) -> list[OperatingMode]:
    """Declarations that have begun and from which nothing has followed yet."""
    rows = OperatingMode.objects.filter(state=OperatingMode.State.DECLARED, from_at__lte=at, followed_at=None)
    return list(rows.select_related("area").order_by("from_at", "pk"))


def superseded(declaration: OperatingMode, at: datetime) -> bool:
    """Whether another declaration for the same area has begun since."""
    later = OperatingMode.unscoped.filter(area=declaration.area_id, state=OperatingMode.State.DECLARED)
    same_moment = Q(from_at=declaration.from_at, pk__gt=declaration.pk)
    return later.filter(Q(from_at__gt=declaration.from_at) | same_moment, from_at__lte=at).exists()


def standing(areas: Iterable[Area], at: datetime | None = None) -> dict[str, Standing]:
    """The mode of each area; at most three queries for any number of them, two of which ask for all declarations."""
    moment, book, areas = at or now(), modes.book(), list(areas)
    said = {area.code: book.standing(area.code, moment) for area in areas}
    declaring = {one.area for one in said.values() if one}
    known = {area.code: area for area in areas}
    missing = declaring - known.keys()
    known |= {area.code: area for area in Area.objects.filter(code__in=missing)} if missing else {}
    return {area.code: _standing(area, said[area.code], known) for area in areas}


def apart(area_code: str, at: datetime | None = None) -> list[Standing]:
    """Areas below one that have a mode of their own and do not follow it."""
    low, high = code_range(area_code)
    own = modes.book().own(at or now())
    codes = [code for code in own if low <= code < high and code != area_code]
    areas = {area.code: area for area in Area.objects.filter(code__in=codes)} if codes else {}
    return [_standing(areas[code], own[code], areas) for code in codes]


def duty(area_code: str, at: datetime | None = None) -> Duty:
    """The duty of an area now, by the packs of its mode."""
    moment = at or now()
    pack = policy.pack(disease=ANY_DISEASE, area_code=area_code, on=timezone.localdate(moment))
    hours = int(pack.number(SHIFT))
    begins = _shift(moment, hours, int(pack.number(FIRST_HOUR)))
    officers = Post.objects.current().filter(role=DutyOfficer.key, area_id=area_code).values("officer").distinct()
    return Duty(
        Mode(pack.mode), hours, int(pack.number(ON_DUTY)), pack.flag(LEADER), int(pack.number(REPORT_UP)), begins,
        begins + timedelta(hours=hours), officers.count(),
    )  # fmt: skip


def officers_in(area: Area, permission: Permission, without: Iterable[str] = ()) -> list[tuple[Officer, Area]]:
    """Everybody with a post that carries a right in an area or below it, outside some areas in it.

    Each once, with the area of the widest post.
    """
    roles = [key for key, role in ROLES.items() if permission in role.permissions]
    inside = Q(pk__in=[])
    for low, high in ranges(area):
        inside |= Q(area_id__gte=low, area_id__lt=high)
    posts = Post.objects.current().filter(inside, role__in=roles).select_related("officer", "area")
    found: dict[int, tuple[Officer, Area]] = {}
    for post in posts.order_by("area_id", "pk"):
        if not any(post.area_id.startswith(code) for code in without):
            found.setdefault(post.officer_id, (post.officer, post.area))
    return list(found.values())


def reaching(area: Area, permission: Permission) -> list[Officer]:
    """Officers with a post that carries a right and reaches an area from it or from above, by name."""
    roles = [key for key, role in ROLES.items() if permission in role.permissions]
    above = [area.code[:length] for length in range(1, len(area.code) + 1)]
    zones = Post.objects.current().filter(role__in=roles, area__members__member__in=above)
    posts = Post.objects.current().filter(role__in=roles, area__in=above) | zones
    return list(Officer.objects.filter(pk__in=posts.values("officer")).order_by("name", "pk"))


def _standing(area: Area, said: modes.Said | None, known: dict[str, Area]) -> Standing:
    if said is None:
        return Standing(area, Mode.NORMAL)
    return Standing(area, Mode(said.mode), said.from_at, known[said.area], said.id)


def _shift(moment: datetime, hours: int, first_hour: int) -> datetime:
    """When the shift began that runs at a moment: shifts follow each other from the first hour of a day on."""
    begun_on: date = timezone.localdate(moment - timedelta(hours=first_hour))
    first = timezone.make_aware(datetime.combine(begun_on, time(first_hour)))
    return first + (moment - first) // timedelta(hours=hours) * timedelta(hours=hours)
