"""A case beyond its row: the response, its contacts with evidence, the chain, the days, the report text."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Path, Router, Schema

from fangxian.core import jobs
from fangxian.core.permissions import Permission, require
from fangxian.faces.api import schemas
from fangxian.faces.api.policy import needs, operation
from fangxian.faces.api.work import JobOut, shown_job
from fangxian.registers import listing, site
from fangxian.systems.cases import selectors
from fangxian.workflows.response import report

router = Router(tags=["cases"])
READ = needs(Permission.CASES_READ)
CONTACTS = "cases.contact"
ContactOut = schemas.row_out(site.get(CONTACTS))


class EvidencedContact(Schema):
    """A contact and why it is one."""

    contact: ContactOut
    rule: str
    pack: str
    evidence: list[Any]


class ChainOut(Schema):
    """Cases and who may have infected whom, as Cytoscape reads it. `cut`: there was more."""

    nodes: list[dict[str, Any]]
    edges: list[dict[str, Any]]
    cut: bool


class MomentOut(Schema):
    """One line of the days of a case; `earliest` to `latest` is where its beginning may lie."""

    kind: str
    text: str
    place: str
    starts_at: Any
    ends_at: Any
    precision: str
    earliest: Any
    latest: Any
    source: str
    order_uncertain: bool


class TextOut(Schema):
    """A text in the caller's language; it names nobody."""

    text: str


@operation(router.post, "/{uuid:pk}/respond", policy=needs(Permission.RESPOND_RUN), response=JobOut, summary="Respond")
def respond(request: HttpRequest, pk: Path[UUID]):
    """Do everything the case asks for, or again what has changed. Answers with the job; calling again is harmless."""
    found = selectors.case(pk)
    require(request.user, Permission.RESPOND_RUN, found.area_id)
    return shown_job(jobs.enqueue("cases.respond", by=request.user, key=str(found.pk), case_id=str(found.pk)))


@operation(
    router.get, "/{uuid:pk}/contacts", policy=READ, response=list[EvidencedContact], summary="Contacts of a case"
)
def contacts(request: HttpRequest, pk: Path[UUID], status: str = ""):
    """Everybody near the case, nearest ring first, each with the evidence, the rule and the pack."""
    found = selectors.contacts_of(selectors.case(pk), status=status)
    register = site.get(CONTACTS)
    return [_evidenced(contact) for contact in listing.fetch(register, [contact.pk for contact in found])]


@operation(router.get, "/{uuid:pk}/chain", policy=READ, response=ChainOut, summary="Chain of a case")
def chain(request: HttpRequest, pk: Path[UUID]):
    """Who may have infected whom around the case; cases outside the caller's areas appear without their particulars."""
    found = selectors.chain(selectors.case(pk))
    return {**found.cytoscape(), "cut": found.cut}


@operation(router.get, "/{uuid:pk}/timeline", policy=READ, response=list[MomentOut], summary="Days of a case")
def timeline(request: HttpRequest, pk: Path[UUID]):
    """Everything with a time about the case, in order, uncertain times marked."""
    return [{**vars(moment), "text": str(moment.text)} for moment in selectors.timeline(selectors.case(pk))]


@operation(router.get, "/{uuid:pk}/report", policy=READ, response=TextOut, summary="Report of a case")
def report_(request: HttpRequest, pk: Path[UUID]):
    """The report text, written from the data: no name, no number, no address."""
    return {"text": report.report_text(selectors.case(pk))}


def _evidenced(contact) -> dict[str, Any]:
    shown = schemas.shown_row(site.get(CONTACTS), contact)
    return {"contact": shown, "rule": contact.rule, "pack": contact.pack, "evidence": contact.evidence}
