"""Verbs and questions of the lists that were brought: kept once, their rows with who each is, decided by somebody."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Count, Field, Max, QuerySet
from django.utils.translation import gettext_lazy as _

from fangxian.core import audit, records, scope
from fangxian.core.among import Among
from fangxian.core.areas import Area
from fangxian.core.clock import now
from fangxian.core.officers import Officer
from fangxian.core.records import Source
from fangxian.systems.people.models import ListRow, Person, SourceList

State = ListRow.State
OPEN = (State.DOUBTFUL, State.NEW, State.INVALID, State.ELSEWHERE)  # what somebody may still decide otherwise
SETTLED = (State.MATCHED, State.ENTERED, State.REPEATED)
OWN = {"id", "number", "name", "state", "person", "said", "found", "reasons"}  # what differs between rows of a list


def bring(
    *, by: Officer | None, area: Area, origin: str, name: str, filename: str, digest: str, upload: str,
    headings: list[str], columns: dict[str, str],
) -> tuple[SourceList, bool]:  # fmt: skip
    """Keep a list, and whether it is new: the same file from the same source is the list that is there already."""
    known = SourceList.objects.filter(area=area, origin=origin, digest=digest).first()
    if known is not None:
        return known, False
    made = records.create(
        SourceList, by=by, action="people.list.brought", area=area, origin=origin, name=name, filename=filename,
        digest=digest, upload=upload, headings=headings, columns=columns,
    )  # fmt: skip
    return made, True


def change(source_list: SourceList, *, by: Officer | None, action: str, **changes: Any) -> SourceList:
    """Change what is kept of a list as a whole."""
    return records.change(source_list, by=by, action=f"people.list.{action}", **changes)


def keep_rows(rows: Iterable[ListRow], *, by: Officer | None) -> int:
    """Keep rows of one list with who they are; one audit row a call.

    Plain inserts, with what is alike in all rows prepared once: Django's own took a third of the time of matching.
    """
    kept = list(rows)
    if not kept:
        return 0
    first = kept[0]
    first.created_by, first.changed_by, first.source = by, by, Source.IMPORT
    fields = ListRow._meta.concrete_fields
    names = ", ".join(field.column for field in fields)
    statement = f"INSERT INTO {ListRow._meta.db_table} ({names}) VALUES ({', '.join(['%s'] * len(fields))})"
    with transaction.atomic():
        scope.check_write(first)
        with connection.cursor() as cursor:
            cursor.executemany(statement, list(zip(*(_column(field, kept) for field in fields), strict=True)))
        detail = {"model": ListRow._meta.label_lower, "rows": len(kept), "first": str(first.pk)}
        audit.write("people.list.rows_matched", by=by, area=first.area, detail=detail)
    return len(kept)


def _column(field: Field, kept: list[ListRow]) -> list[Any]:
    """One column as the database wants it."""
    chosen = kept if field.name in OWN else kept[:1]
    column = [field.get_db_prep_save(field.value_from_object(row), connection) for row in chosen]
    return column if field.name in OWN else column * len(kept)


def settle(rows: Iterable[ListRow], *, by: Officer | None) -> int:
    """Save rows whose state and person were set anew."""
    fields = ["state", "person", "repeats", "reasons", "found"]
    return records.save_many(rows, fields, by=by, action="people.list.rows_settled")


def decide(*, row: ListRow, person: Person | None, by: Officer) -> ListRow:
    """Somebody looked: the row is this person, or (None) nobody who is known."""
    with transaction.atomic():
        current = ListRow.objects.select_for_update().get(pk=row.pk)
        if current.state not in OPEN:
            raise ValidationError(_("This row is settled already."))
        state = State.NEW if person is None else State.MATCHED
        return records.change(
            current, by=by, action="people.list.row_decided", state=state, person=person, decided_by=by,
            decided_at=now(),
        )  # fmt: skip


def reopen(*, row: ListRow, by: Officer) -> ListRow:
    """Take a decision back: the row is a question again."""
    with transaction.atomic():
        current = ListRow.objects.select_for_update().get(pk=row.pk)
        if current.decided_by_id is None or current.state not in (State.MATCHED, State.NEW):
            raise ValidationError(_("Nobody decided this row by hand."))
        state = State.DOUBTFUL if current.found else State.NEW
        return records.change(
            current, by=by, action="people.list.row_reopened", state=state, person=None, decided_by=None,
            decided_at=None,
        )  # fmt: skip


def source_list(pk: UUID | str) -> SourceList:
    """One list; raises SourceList.DoesNotExist outside the scope as for none."""
    return SourceList.objects.select_related("area", "created_by").get(pk=pk)


def lists() -> QuerySet[SourceList]:
    """All lists inside the scope, the latest first."""
    return SourceList.objects.select_related("area", "created_by").order_by("-created_at")


def row(pk: UUID | str) -> ListRow:
    """One row; raises ListRow.DoesNotExist outside the scope as for none."""
    return ListRow.objects.select_related("person__area", "area").get(pk=pk)


def rows(of: SourceList, state: str = "") -> QuerySet[ListRow]:
    """Rows of a list in their order, all or those of one state."""
    found = ListRow.objects.filter(source_list=of).select_related("person__area", "decided_by").order_by("number")
    return found.filter(state=state) if state else found


def waiting(of: SourceList, after: int = 0) -> ListRow | None:
    """The next doubtful row behind a number, beginning again at the top."""
    doubtful = rows(of, State.DOUBTFUL)
    return doubtful.filter(number__gt=after).first() or doubtful.first()


def counts(of: SourceList) -> dict[str, int]:
    """How many rows are in each state; states without rows are 0."""
    found = dict(ListRow.objects.filter(source_list=of).values_list("state").annotate(rows=Count("pk")))
    return {state: found.get(state, 0) for state in State.values}


def persons_of(lists_: Iterable[SourceList]) -> list[UUID]:
    """Everybody the rows of these lists are, each once: several sources in, one person out."""
    found = ListRow.objects.filter(source_list__in=list(lists_), state__in=SETTLED, person__isnull=False)
    return list(found.order_by("person_id").values_list("person_id", flat=True).distinct())


def last_number(of: SourceList) -> int:
    """Up to which row the list is matched: where whoever resumes goes on."""
    return ListRow.objects.filter(source_list=of).aggregate(last=Max("number"))["last"] or 0


def remembered(area: Area, origin: str) -> dict[str, str]:
    """Which heading was which column the last time a list came from there; {} for the first time."""
    before = SourceList.objects.filter(area=area, origin=origin).exclude(columns={}).order_by("-created_at").first()
    return dict(before.columns) if before else {}


def elsewhere(tokens: Iterable[str]) -> dict[str, str]:
    """Area codes of people outside the scope, by the fingerprint of their number: that they are there, not who."""
    found: dict[str, str] = {}
    wanted = list(tokens)
    for start in range(0, len(wanted), 5_000):
        people = Person.unscoped.filter(id_index__in=Among(wanted[start : start + 5_000]))
        found.update(people.values_list("id_index", "area_id"))
    return found
