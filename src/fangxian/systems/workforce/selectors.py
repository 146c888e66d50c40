"""Questions to the workforce, inside the scope in force."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from fangxian.core.areas import Area, code_range
from fangxian.core.clock import now, today
from fangxian.core.officers import Officer, Post
from fangxian.systems.workforce import rules
from fangxian.systems.workforce.courses import Course
from fangxian.systems.workforce.models import Deployment, FrontlineShift, QuizResult, SubsidyStatement, first_of
from fangxian.systems.workforce.words import Asked, Going


def shifts_between(since: datetime, until: datetime) -> QuerySet[FrontlineShift]:
    """Shifts entered here that touch the time between two moments."""
    rows = FrontlineShift.objects.filter(ends_at__gt=since, starts_at__lt=until)
    return rows.select_related("officer", "person").order_by("starts_at", "pk")


def statement(pk: UUID | str) -> SubsidyStatement:
    """One statement; raises DoesNotExist."""
    return SubsidyStatement.objects.select_related("area", "officer", "person", "first_by", "second_by").get(pk=pk)


def statements(area_code: str, month: date) -> QuerySet[SubsidyStatement]:
    """The statements of a month of an area and all below it; those that wait first."""
    low, high = code_range(area_code)
    rows = SubsidyStatement.objects.filter(area_id__gte=low, area_id__lt=high, month=first_of(month))
    return rows.select_related("area", "officer", "person", "first_by").order_by("-state", "area_id", "pk")


def own_statements(officer: Officer, limit: int = 12) -> list[SubsidyStatement]:
    """An officer's own, wherever it was drawn up; the latest first."""
    rows = SubsidyStatement.unscoped.filter(officer=officer).select_related("area", "officer", "person")
    return list(rows.order_by("-month")[:limit])


def own_statement(officer: Officer, pk: UUID | str) -> SubsidyStatement:
    """One of an officer's own; raises DoesNotExist for anybody else's."""
    rows = SubsidyStatement.unscoped.select_related("area", "officer", "person", "first_by", "second_by")
    return rows.get(officer=officer, pk=pk)


def own_results(officer: Officer, limit: int = 20) -> list[QuizResult]:
    """An officer's own results; the latest first."""
    return list(QuizResult.unscoped.filter(officer=officer).order_by("-taken_at")[:limit])


def own_result(officer: Officer, pk: UUID | str) -> QuizResult:
    """One of an officer's own results; raises DoesNotExist."""
    return QuizResult.unscoped.get(officer=officer, pk=pk)


@dataclass(frozen=True)
class Standing:
    """How somebody stands with a course: the last quiz, until when it holds, and the answer that ended it."""

    officer: Officer
    area: Area
    course: Course
    last: QuizResult | None
    valid_until: date | None
    ended_by: QuizResult | None

    @property
    def holds(self) -> bool:
        """Whether the course is passed today."""
        return self.valid_until is not None


def standing(officers: Iterable[tuple[Officer, Area]], course: Course) -> list[Standing]:
    """How officers stand with a course; one query. Results count wherever they were taken."""
    found = list(officers)
    rows = QuizResult.unscoped.filter(officer__in=[officer for officer, _area in found], course=course.key)
    taken: dict[int, list[QuizResult]] = {}
    for row in rows.order_by("taken_at", "pk"):
        taken.setdefault(row.officer_id, []).append(row)
    return [_standing(officer, area, course, taken.get(officer.pk, [])) for officer, area in found]


def not_passed(area_code: str, course: Course) -> list[Standing]:
    """Whoever holds a post in an area that asks for a course and has not passed it; never tried first."""
    low, high = code_range(area_code)
    posts = Post.objects.current().filter(role__in=course.roles, area_id__gte=low, area_id__lt=high)
    people: dict[int, tuple[Officer, Area]] = {}
    for post in posts.select_related("officer", "area").order_by("area_id", "pk"):
        people.setdefault(post.officer_id, (post.officer, post.area))
    missing = [one for one in standing(people.values(), course) if not one.holds]
    return sorted(missing, key=lambda one: (one.last is not None, one.area.code))


def asked_of(area_code: str, course: Course) -> int:
    """How many have to pass a course in an area."""
    low, high = code_range(area_code)
    posts = Post.objects.current().filter(role__in=course.roles, area_id__gte=low, area_id__lt=high)
    return posts.values("officer").distinct().count()


def spot_results(area_code: str, limit: int = 20) -> list[QuizResult]:
    """The last questions asked on the spot in an area."""
    low, high = code_range(area_code)
    rows = QuizResult.objects.filter(kind=Asked.ON_THE_SPOT, area_id__gte=low, area_id__lt=high)
    return list(rows.select_related("officer", "area", "created_by").order_by("-taken_at")[:limit])


def deployment(pk: UUID | str) -> Deployment:
    """One deployment or visit; raises DoesNotExist."""
    return Deployment.objects.select_related("area", "from_area", "officer", "created_by").get(pk=pk)


def deployed(area_code: str, at: datetime | None = None) -> QuerySet[Deployment]:
    """Staff that is sent to or from an area at a moment; whoever is gone longest first."""
    low, high = code_range(area_code)
    here = Q(area_id__gte=low, area_id__lt=high) | Q(from_area_id__gte=low, from_area_id__lt=high)
    moment = at or now()
    rows = Deployment.objects.filter(here, Q(ends_at=None) | Q(ends_at__gt=moment), kind=Going.STAFF,
                                     starts_at__lte=moment)  # fmt: skip
    return rows.select_related("area", "from_area", "officer").order_by("starts_at", "pk")


def visits(area_code: str, since: datetime) -> QuerySet[Deployment]:
    """Field visits of leaders to or from an area since a moment, the latest first."""
    low, high = code_range(area_code)
    here = Q(area_id__gte=low, area_id__lt=high) | Q(from_area_id__gte=low, from_area_id__lt=high)
    rows = Deployment.objects.filter(here, kind=Going.LEADER, starts_at__gte=since)
    return rows.select_related("area", "from_area", "officer").order_by("-starts_at", "pk")


@dataclass(frozen=True)
class Balance:
    """People of an area: its own, sent away, come from elsewhere, and what it may still send."""

    area: Area
    own: int
    away: int
    come: int
    reserve: int

    @property
    def there(self) -> int:
        """Who works there now."""
        return self.own - self.away + self.come

    @property
    def free(self) -> int:
        """How many more it may send before its reserve is touched; less than nothing when it is."""
        return self.own - self.away - self.reserve


def balances(areas: Iterable[Area]) -> list[Balance]:
    """The balance of areas that do not lie inside each other; its own people are its officers with a post in it."""
    parts = list(areas)
    posts = set(Post.objects.current().values_list("officer_id", "area_id"))
    sent = Deployment.objects.filter(Q(ends_at=None) | Q(ends_at__gt=now()), kind=Going.STAFF, starts_at__lte=now())
    ways = list(sent.values_list("from_area_id", "area_id"))
    return [_balance(area, posts, ways) for area in parts]


def _balance(area: Area, posts: set[tuple[int, str]], ways: list[tuple[str, str]]) -> Balance:
    low, high = code_range(area.code)
    own = len({officer for officer, code in posts if low <= code < high})
    away = sum(low <= begins < high and not low <= ends < high for begins, ends in ways)
    come = sum(low <= ends < high and not low <= begins < high for begins, ends in ways)
    percent = rules.reserve_percent(rules.pack_of(area.code))
    return Balance(area, own, away, come, -(-own * percent // 100))


def _standing(officer: Officer, area: Area, course: Course, taken: list[QuizResult]) -> Standing:
    quizzes = [row for row in taken if row.kind == Asked.QUIZ]
    good = next((row for row in reversed(quizzes) if row.valid_until and row.valid_until > today()), None)
    ended = None
    if good is not None and rules.spot_ends(rules.pack_of(area.code)):
        ended = next((row for row in taken if row.kind == Asked.ON_THE_SPOT and not row.passed
                      and row.taken_at >= good.taken_at), None)  # fmt: skip
    valid = good.valid_until if good is not None and ended is None else None
    return Standing(officer, area, course, quizzes[-1] if quizzes else None, valid, ended)
