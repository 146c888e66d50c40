"""The files of a record, for every register whose model takes files: list, put, read, remove."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Body, Path, Query, Router
from pydantic import Field

from fangxian.faces.api import schemas
from fangxian.faces.api.policy import of_register, operation
from fangxian.faces.api.schemas import Strict
from fangxian.registers import attachments

BINARY = {
    "requestBody": {
        "required": True, "description": "The file itself.",
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}  # fmt: skip


class FileOut(schemas.Schema):
    """One file of a record; its content is read by its own call, which is recorded."""

    id: UUID
    name: str
    media_type: str
    size: int
    added_at: datetime
    added_by: str


class NewFile(Strict):
    """What the file is called; `id` (UUIDv7, made by the caller) makes sending it again harmless."""

    name: Annotated[str, Field(max_length=attachments.NAME_LENGTH)] = ""
    id: UUID | None = None


class Removal(Strict):
    """Why a file goes."""

    reason: Annotated[str, Field(min_length=4, max_length=200)]


def add_to(made: Router, register) -> None:
    """The operations of one register."""
    policy, slug, root = of_register(register, "read"), register.slug, "/{uuid:pk}/files"

    @operation(made.get, root, policy=policy, response=list[FileOut], operation_id=f"{slug}.files",
               summary=f"Files of a row of {slug}")  # fmt: skip
    def files(request: HttpRequest, pk: Path[UUID]):
        return [_shown(file) for file in attachments.of(register.get(pk))]

    @operation(made.post, root, policy=policy, response=FileOut, operation_id=f"{slug}.attach",
               summary=f"Put a file to a row of {slug}", openapi_extra=BINARY)  # fmt: skip
    def attach(request: HttpRequest, pk: Path[UUID], query: Query[NewFile]):
        found = attachments.changeable(register, request.user, pk)
        given = {"name": query.name, "content": request.body, "id": query.id}
        return _shown(attachments.attach(found, by=request.user, **given))

    @operation(made.get, root + "/{uuid:file}", policy=policy, operation_id=f"{slug}.file",
               summary=f"Content of a file of {slug}")  # fmt: skip
    def content(request: HttpRequest, pk: Path[UUID], file: Path[UUID]):
        found, held = attachments.read(register.get(pk), file, by=request.user)
        return HttpResponse(held, content_type=found.media_type, headers={"Cache-Control": "no-store"})

    @operation(made.post, root + "/{uuid:file}/remove", policy=policy, response=FileOut,
               operation_id=f"{slug}.file_remove", summary=f"Remove a file of {slug}")  # fmt: skip
    def remove(request: HttpRequest, pk: Path[UUID], file: Path[UUID], body: Body[Removal]):
        found = attachments.changeable(register, request.user, pk)
        return _shown(attachments.remove(found, file, by=request.user, reason=body.reason))


def _shown(file: attachments.Attachment) -> dict:
    names = ("id", "name", "media_type", "size", "added_at")
    return {**{name: getattr(file, name) for name in names}, "added_by": str(file.added_by or "")}
