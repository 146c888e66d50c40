"""Reading letters: always inside the scope in force, a fixed number of queries whatever the number of letters."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Value, When

from fangxian.core.areas import code_range
from fangxian.core.clock import now
from fangxian.systems.letters.models import Delivery, HandOver, Letter, LetterItem, Peer

OUT, IN = Letter.Direction.OUT, Letter.Direction.IN
LINKS = ("area", "peer", "signed_by", "created_by")


@dataclass(frozen=True)
class Progress:
    """How far the people of a letter are."""

    people: int = 0
    recalled: int = 0
    found: int = 0
    not_found: int = 0
    transferred: int = 0
    isolated: int = 0
    tested: int = 0
    answered: int = 0
    handed_on: int = 0
    doubtful: int = 0
    refused: int = 0

    @property
    def waiting(self) -> int:
        """Nothing is known of them yet, or not everything that was asked for."""
        return self.people - self.recalled - self.answered


def letter(pk: UUID | str) -> Letter:
    """One letter with what its page shows; `Letter.DoesNotExist` outside the scope."""
    return Letter.objects.select_related(*LINKS).get(pk=pk)


def item(pk: UUID | str) -> LetterItem:
    """One person of a letter."""
    return LetterItem.objects.select_related("letter__area", "letter__peer", "area", "person__area").get(pk=pk)


def items_of(found: Letter) -> QuerySet[LetterItem]:
    """Everyone on a letter, in its order."""
    rows = LetterItem.objects.filter(letter=found).select_related("area", "person")
    return rows.order_by("position", "pk")


def hand_overs(found: Letter) -> list[HandOver]:
    """Who did what when, oldest first."""
    return list(HandOver.objects.filter(letter=found).select_related("created_by").order_by("at", "pk"))


def box(direction: str, area_code: str = "") -> QuerySet[Letter]:
    """Letters sent or received in an area, what is to be answered first first."""
    low, high = code_range(area_code)
    rows = Letter.objects.filter(direction=direction, area_id__gte=low, area_id__lt=high)
    return rows.select_related(*LINKS).order_by("due_at", "-created_at", "pk")


def late(direction: str, area_code: str = "", at: datetime | None = None) -> QuerySet[Letter]:
    """Open letters whose acknowledgement or answer is overdue, the longest first."""
    at = at or now()
    unseen = Q(state=Letter.State.SENT, acknowledge_by__lt=at)
    return box(direction, area_code).filter(unseen | Q(due_at__lt=at), state__in=Letter.OPEN).order_by("due_at", "pk")


def drafts(area_code: str = "") -> QuerySet[Letter]:
    """Drafts, those without a receiver first: somebody has to decide."""
    return box(OUT, area_code).filter(state=Letter.State.DRAFT).order_by("other_name", "pk")


def drafts_beside(found: Letter) -> list[Letter]:
    """Other drafts of the same command that have a receiver: where a parked person may be put."""
    rows = box(OUT).filter(area_id=found.area_id, state=Letter.State.DRAFT).exclude(pk=found.pk)
    named = rows.exclude(other_code="", other_name="").filter(subject_id=found.subject_id)
    return list(named.order_by("other_name", "pk")[:200])


def sent_out() -> QuerySet[Letter]:
    """Letters sent: the open ones by deadline, then those that are done, the newest first."""
    rows = box(OUT).exclude(state=Letter.State.DRAFT)
    done = Q(state__in=[Letter.State.ANSWERED, Letter.State.CLOSED, Letter.State.RECALLED])
    return rows.annotate(over=Case(When(done, then=Value(1)), default=Value(0))).order_by("over", "due_at", "-pk")


def new_received() -> QuerySet[Letter]:
    """Letters received that nobody has acknowledged."""
    return box(IN).filter(state=Letter.State.SENT)


def items_exceptions_first(found: Letter) -> QuerySet[LetterItem]:
    """Everyone on a letter: doubtful ones, then those not found, then without a result, then the rest."""
    rank = Case(
        When(recalled_at__isnull=False, then=Value(5)), When(match=LetterItem.Match.DOUBTFUL, then=Value(0)),
        When(~Q(refused=""), then=Value(0)), When(result=LetterItem.Result.NOT_FOUND, then=Value(1)),
        When(result="", then=Value(2)), default=Value(3),
    )  # fmt: skip
    return items_of(found).annotate(rank=rank).order_by("rank", "position", "pk")


def progress_of(letters: Iterable[Letter]) -> dict[UUID, Progress]:
    """How far each letter's people are; one query."""
    ids = [found.pk for found in letters]
    alive, result = Q(recalled_at__isnull=True), LetterItem.Result
    counts = {
        "people": Count("pk"), "recalled": Count("pk", filter=~alive), "answered":
        Count("pk", filter=alive & Q(answered_at__isnull=False)), "handed_on": Count("pk", filter=alive & Q(
            handed_on_at__isnull=False)), "isolated": Count("pk", filter=alive & Q(isolated_since__isnull=False)),
        "tested": Count("pk", filter=alive & Q(tested_at__isnull=False)),
        "doubtful": Count("pk", filter=alive & Q(match=LetterItem.Match.DOUBTFUL)),
        "refused": Count("pk", filter=alive & ~Q(refused="")),
        **{word.lower(): Count("pk", filter=alive & Q(result=word)) for word in result.values},
    }  # fmt: skip
    rows = LetterItem.objects.filter(letter__in=ids).order_by().values("letter_id").annotate(**counts)
    found = {row.pop("letter_id"): Progress(**row) for row in rows}
    return {pk: found.get(pk, Progress()) for pk in ids}


def about(subject_id: UUID) -> list[Letter]:
    """Letters about a case, an event or goods, oldest first."""
    return list(Letter.objects.filter(subject_id=subject_id).select_related(*LINKS).order_by("created_at", "pk"))


def items_of_subjects(subject_ids: Iterable[UUID], direction: str = OUT) -> dict[UUID, list[LetterItem]]:
    """The rows of letters about contacts (arrivals …) that are not recalled; every id has an entry."""
    found: dict[UUID, list[LetterItem]] = {subject_id: [] for subject_id in subject_ids}
    ids = list(found)
    for start in range(0, len(ids), 5_000):
        rows = LetterItem.objects.filter(subject_id__in=ids[start : start + 5_000], letter__direction=direction)
        alive = rows.filter(recalled_at__isnull=True).exclude(letter__state=Letter.State.RECALLED)
        for row in alive.select_related("letter__area", "letter__peer", "area").order_by("pk"):
            found[row.subject_id].append(row)
    return found


def alive_about(subject_id: UUID) -> list[LetterItem]:
    """The rows of our letters about one case, event or goods that nobody has recalled."""
    rows = LetterItem.objects.filter(letter__subject_id=subject_id, letter__direction=OUT, recalled_at__isnull=True)
    alive = rows.exclude(letter__state=Letter.State.RECALLED).select_related("letter__area", "letter__peer", "area")
    return list(alive.order_by("letter_id", "position", "pk"))


def rows_about(subject_id: UUID) -> list[LetterItem]:
    """Those of them that stand because of a contact."""
    return [row for row in alive_about(subject_id) if row.subject_id]


def quarantined_about(subject_id: UUID) -> dict[UUID, datetime]:
    """Since when the contacts of a case are in quarantine by the answers to our letters, by contact."""
    rows = LetterItem.objects.filter(
        letter__subject_id=subject_id, letter__direction=OUT, subject_id__isnull=False, isolated_since__isnull=False
    )
    return dict(rows.order_by("isolated_since").values_list("subject_id", "isolated_since"))


def open_received(area_code: str = "") -> QuerySet[Letter]:
    """Letters received that have still to be answered: worked on, or answered before somebody's result changed."""
    handed = LetterItem.objects.filter(letter=OuterRef("pk"), handed_on_at__isnull=False, recalled_at__isnull=True)
    newer = Exists(handed.filter(changed_at__gt=OuterRef("changed_at")))
    working = Q(state__in=[Letter.State.IN_PROGRESS, Letter.State.PARTLY])
    return box(IN, area_code).filter(working | Q(newer, state=Letter.State.ANSWERED))


def has_news(found: Letter) -> bool:
    """Whether somebody of a letter received changed since it was last answered."""
    told = HandOver.Kind.PARTLY, HandOver.Kind.ANSWERED
    last = HandOver.objects.filter(letter=found, kind__in=told).order_by("-at").values_list("at", flat=True).first()
    rows = LetterItem.objects.filter(letter=found, recalled_at__isnull=True).exclude(result="")
    return (rows.filter(changed_at__gt=last) if last else rows).exists()


def peers(area_code: str = "") -> QuerySet[Peer]:
    """Partner installations, those who wait for a second officer first."""
    low, high = code_range(area_code)
    return Peer.objects.filter(area_id__gte=low, area_id__lt=high).select_related("area", "confirmed_by", "created_by")


def peer(pk: UUID | str) -> Peer:
    """One partner."""
    return Peer.objects.select_related("area").get(pk=pk)


def trusted(fingerprint: str) -> Peer | None:
    """The partner behind a fingerprint, if trusted now. Read without a scope: it decides who may speak at all."""
    return Peer.unscoped.select_related("area").filter(fingerprint=fingerprint, state=Peer.State.TRUSTED).first()


def deliveries(found: Letter) -> list[Delivery]:
    """What was or is to be sent to the partner about a letter, the newest first."""
    return list(Delivery.objects.filter(letter=found).order_by("-created_at", "-pk"))


def delivery(pk: UUID) -> Delivery | None:
    """One message to a partner."""
    return Delivery.objects.filter(pk=pk).first()


def waiting_deliveries() -> int:
    """How many messages wait for a partner."""
    return Delivery.objects.filter(state=Delivery.Outcome.WAITING).count()
