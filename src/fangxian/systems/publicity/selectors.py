"""Reading messages. What is published to the public page is everybody's: those questions know no scope."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q, QuerySet

from fangxian.core.areas import code_range
from fangxian.core.clock import now
from fangxian.core.officers import Officer, Post
from fangxian.systems.publicity.models import Message, Receipt
from fangxian.systems.publicity.words import Audience, MessageKind

State = Message.State
WITH = ("area", "created_by", "first_by", "second_by", "corrects")


def message(pk: UUID | str) -> Message:
    """One message inside the scope; raises DoesNotExist."""
    return Message.objects.select_related(*WITH).get(pk=pk)


def versions(series: UUID) -> list[Message]:
    """All versions of a message inside the scope, the newest first."""
    return list(Message.objects.filter(series=series).select_related(*WITH).order_by("-number"))


def derived_from(key: str, value: str) -> QuerySet[Message]:
    """Messages that something else became, as their basis names it; the newest first."""
    return Message.objects.filter(**{f"basis__{key}": value}).order_by("-created_at")


def waiting() -> QuerySet[Message]:
    """What waits for an approval inside the scope, the oldest first."""
    return Message.objects.filter(state__in=Message.WAITING).select_related(*WITH).order_by("changed_at", "pk")


def drafts() -> QuerySet[Message]:
    """Drafts inside the scope, the newest first."""
    return Message.objects.filter(state=State.DRAFT).select_related(*WITH).order_by("-changed_at", "pk")


def in_force() -> QuerySet[Message]:
    """What is in force inside the scope, the newest first."""
    return Message.objects.filter(_holding()).select_related(*WITH).order_by("-published_at", "pk")


def ended(limit: int) -> list[Message]:
    """What ended last inside the scope: by its time, replaced or withdrawn."""
    over = Q(state=State.PUBLISHED, until_at__lte=now()) | Q(state__in=[State.REPLACED, State.WITHDRAWN])
    return list(Message.objects.filter(over).select_related(*WITH).order_by("-changed_at", "pk")[:limit])


def on_page(area_code: str) -> list[Message]:
    """What the public page of an area says: messages of the area and of those around it, the newest first."""
    rows = Message.unscoped.filter(_holding(), on_page=True, area__in=_around(area_code))
    return list(rows.select_related("area").order_by("-published_at", "pk"))


def on_own_page(area_code: str, audiences: Iterable[str]) -> list[Message]:
    """What the own page says to a resident of an area who belongs to some audiences."""
    rows = Message.unscoped.filter(
        _holding(), on_own_page=True, area__in=_around(area_code), audience__in=[*audiences, Audience.ALL]
    )
    return list(rows.select_related("area").order_by("-published_at", "pk"))


def public_message(series: UUID | str) -> Message:
    """The version of a message that everybody may read now; raises DoesNotExist."""
    return Message.unscoped.filter(_holding(), on_page=True).select_related("area", "corrects").get(series=series)


def advice_published(area_code: str, disease: str) -> Message | None:
    """The travel advice about a disease that is in force in an area: its own, else that of the nearest area around."""
    rows = Message.unscoped.filter(
        _holding(), kind=MessageKind.TRAVEL, disease=disease, area__in=_around(area_code), on_page=True
    )
    return rows.select_related("area").order_by("-area_id", "-published_at").first()


def all_advice() -> list[Message]:
    """Every travel advice in force, everywhere."""
    rows = Message.unscoped.filter(_holding(), kind=MessageKind.TRAVEL)
    return list(rows.select_related("area").order_by("area_id", "pk"))


def advice_of(area_code: str, disease: str) -> list[Message]:
    """Versions of the travel advice of exactly this area that are in force or on their way, the newest first."""
    open_ = Q(state__in=[State.DRAFT, *Message.WAITING])
    rows = Message.unscoped.filter(_holding() | open_, kind=MessageKind.TRAVEL, disease=disease, area=area_code)
    return list(rows.select_related(*WITH).order_by("-number", "-created_at"))


def notices_for(officer: Officer) -> list[Message]:
    """Messages in force that are said to an officer: their role, and their area, one around it, or one below it."""
    rows = _said_to_officers().select_related("area").order_by("-published_at", "pk")
    return [message for message in rows if _is_said(officer, message.role, message.area_id)]


def notices_noted(officer: Officer) -> tuple[int, int]:
    """How many messages in force are said to an officer, and how many of them they took note of."""
    rows = _said_to_officers().order_by().values_list("pk", "role", "area_id")
    said = [pk for pk, role, area_code in rows if _is_said(officer, role, area_code)]
    return len(said), len(seen_by(officer, said)) if said else 0


def _said_to_officers() -> QuerySet[Message]:
    return Message.unscoped.filter(_holding(), audience=Audience.OFFICERS)


def _is_said(officer: Officer, role: str, area_code: str) -> bool:
    """Whether a message for officers is meant for this one. Few are in force at a time, so the store is not asked."""
    return any(
        role in ("", post.role) and (low.startswith(area_code) or low <= area_code < high)
        for post in officer.current_posts
        for low, high in post.ranges
    )


def seen_by(officer: Officer, messages: Iterable[Message | UUID]) -> set[UUID]:
    """Which of some messages an officer took note of."""
    rows = Receipt.unscoped.filter(officer=officer, kind=Receipt.Kind.SEEN, message__in=list(messages))
    return set(rows.values_list("message_id", flat=True))


def officers_asked(message: Message) -> int | None:
    """How many officers a message is said to now; None for one that is not said to officers."""
    if message.audience != Audience.OFFICERS:
        return None
    low, high = code_range(message.area_id)
    reach = Q(area__in=_around(message.area_id)) | Q(area_id__gte=low, area_id__lt=high)
    posts = Post.objects.current().filter(reach)
    posts = posts.filter(role=message.role) if message.role else posts
    return posts.values("officer").distinct().count()


def _holding() -> Q:
    at = now()
    return Q(state=State.PUBLISHED, from_at__lte=at, until_at__gt=at)


def _around(code: str) -> list[str]:
    """The code of an area and of all areas around it."""
    return [code[:length] for length in range(1, len(code) + 1)]
