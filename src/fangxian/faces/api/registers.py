"""The operations of every register, made from its declaration: list, get, create, change, bulk, export."""

import hashlib
import hmac
import json
from typing import Annotated, Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Body, Header, Path, Query, Router
from pydantic import Field

from fangxian.core import audit, keys
from fangxian.core.records import Source
from fangxian.faces.api import files, schemas
from fangxian.faces.api.answers import Repeated
from fangxian.faces.api.models import BulkCall
from fangxian.faces.api.policy import of_register, operation
from fangxian.faces.api.schemas import Strict
from fangxian.registers import exports, forms, imports, listing
from fangxian.registers.behaviours import Attached
from fangxian.registers.sheets import Table

MOST_ROWS = 5000


class Rows(Strict):
    """Rows of a bulk call: fields of the register's form by name; an `id` or the natural key makes it a change."""

    rows: Annotated[list[dict[str, Any]], Field(min_length=1, max_length=MOST_ROWS)]


class Reject(schemas.Schema):
    """Why a row was not taken; `row` counts from 1."""

    row: int
    field: str
    reason: str


class LedgerOut(schemas.Schema):
    """rows = inserted + updated + unchanged + duplicate + rejected + blank, always."""

    rows: int
    inserted: int
    updated: int
    unchanged: int
    duplicate: int
    rejected: int
    blank: int
    rejects: list[Reject]
    duplicates: list[Reject]


def router(register) -> Router:
    """All operations the register permits somebody."""
    made = Router(tags=[register.slug])
    _reading(made, register)
    if not register.read_only and register.right("write"):
        _writing(made, register)
    if not register.read_only and register.right("import"):
        _bulk(made, register)
    if register.right("export"):
        _export(made, register)
    if issubclass(register.model, Attached):
        files.add_to(made, register)
    return made


def _reading(made: Router, register) -> None:
    query_in, page_out, row_out = schemas.query_in(register), schemas.page_out(register), schemas.row_out(register)
    policy = of_register(register, "read")

    @operation(made.get, "", policy=policy, response=page_out, operation_id=f"{register.slug}.list",
               summary=f"List {register.slug}")  # fmt: skip
    def list_(request: HttpRequest, query: Query[query_in]):
        asked = query.model_dump()
        plain = {name: asked.pop(name) for name in ("q", "area", "order", "page")}
        filters = {name: value for name, value in asked.items() if value}
        found = listing.page(register, listing.Query(plain["q"], plain["area"], filters, plain["order"], plain["page"]))
        rows = [schemas.shown_row(register, row) for row in found.rows]
        return {"rows": rows, "page": found.number, "pages": found.pages, "count": found.count, "more": found.more}

    @operation(made.get, "/{uuid:pk}", policy=policy, response=row_out, operation_id=f"{register.slug}.get",
               summary=f"One row of {register.slug}")  # fmt: skip
    def get(request: HttpRequest, pk: Path[UUID]):
        return schemas.shown_row(register, register.get(pk))


def _writing(made: Router, register) -> None:
    row_in, row_change, row_out = schemas.row_in(register), schemas.row_change(register), schemas.row_out(register)
    policy = of_register(register, "write")

    @operation(made.post, "", policy=policy, response=row_out, operation_id=f"{register.slug}.create",
               summary=f"Add to {register.slug}")  # fmt: skip
    def create(request: HttpRequest, row: Body[row_in]):
        given = row.model_dump(exclude_unset=True)
        own_id = given.pop("id", None)
        values = _cleaned(register, given)
        values |= {"id": own_id} if own_id else {}
        return _again(register, register.write(by=request.user, values=values, source=Source.API))

    @operation(made.patch, "/{uuid:pk}", policy=policy, response=row_out, operation_id=f"{register.slug}.change",
               summary=f"Change a row of {register.slug}")  # fmt: skip
    def change(request: HttpRequest, pk: Path[UUID], row: Body[row_change]):
        found, given = register.get(pk), row.model_dump(exclude_unset=True)
        base = given.pop("base_version")
        values = forms.changes(register, found, _cleaned(register, {**_stored(register, found), **given}))
        return _again(register, register.write(by=request.user, values=values, record=found, base_version=base,
                                               source=Source.API))  # fmt: skip


def _bulk(made: Router, register) -> None:
    @operation(made.post, "/bulk", policy=of_register(register, "import"), response=LedgerOut,
               operation_id=f"{register.slug}.bulk", summary=f"Many rows of {register.slug} at once")  # fmt: skip
    def bulk(
        request: HttpRequest,
        body: Body[Rows],
        idempotency_key: str = Header(..., min_length=8, max_length=120),
    ):
        with transaction.atomic():
            call, new = BulkCall.objects.select_for_update().get_or_create(
                officer=request.user, key=idempotency_key,
                defaults={"register": register.slug, "digest": digest(register, body)},
            )  # fmt: skip
            if not new and not hmac.compare_digest(call.digest, digest(register, body)):
                raise Repeated
            if new:
                call.answer = _imported(register, body.rows, request.user)
                call.save(update_fields=["answer"])
        return call.answer


def _export(made: Router, register) -> None:
    @operation(made.get, "/export.csv", policy=of_register(register, "export"),
               operation_id=f"{register.slug}.export", summary=f"Export {register.slug} as CSV")  # fmt: skip
    def export(request: HttpRequest, area: str = "", q: str = ""):
        query = listing.Query(search=q, area=area)
        content = "".join(exports.csv(register, query, by=request.user))  # read while the scope is in force
        name = register.slug.replace(".", "-")
        response = HttpResponse(content, content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
        return response


def digest(register, body: Rows) -> str:
    """What a bulk call said, as a keyed hash: rows hold personal data."""
    text = json.dumps([register.slug, body.rows], sort_keys=True, ensure_ascii=False, default=str)
    return hmac.new(keys.current().index_key, text.encode(), hashlib.sha256).hexdigest()


def _imported(register, rows: list[dict[str, Any]], officer) -> dict[str, Any]:
    unknown = sorted({name for row in rows for name in row} - {"id", *register.form})
    if unknown:
        raise ValidationError({"rows": _("Unknown fields: %(names)s") % {"names": ", ".join(unknown)[:200]}})
    names = sorted({name for row in rows for name in row})
    table = Table(names, [[row.get(name, "") for name in names] for row in rows])
    ledger = imports.run(register, table, by=officer, source=Source.API)
    audit.write(f"{register.slug}.bulk_imported", by=officer, detail=ledger.counts())
    answer = ledger.as_dict()
    for name in ("rejects", "duplicates"):
        answer[name] = [{**one, "row": one["row"] - 1} for one in answer[name]]
    return answer


def _cleaned(register, data: dict[str, Any]) -> dict[str, Any]:
    """Cleaned by the form every other face uses; reasons by field."""
    form = forms.form_class(register)({name: _plain(value) for name, value in data.items()})
    if not form.is_valid():
        raise ValidationError({name: list(found.as_data()) for name, found in form.errors.items()})
    return form.cleaned_data


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, UUID) else value


def _stored(register, found) -> dict[str, Any]:
    """A record as its form would show it."""
    fields = forms.form_fields(register)
    return {name: fields[name].prepare_value(value) for name, value in forms.values_of(register, found).items()}


def _again(register, written) -> dict[str, Any]:
    return schemas.shown_row(register, register.get(written.pk))
