"""Addresses of the phone: the empty shell, its worker, who I am, the list of the day, and the door for entries."""

import base64
import hashlib
import json
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from fangxian.core import audit, scope
from fangxian.core.clock import now, today
from fangxian.core.officers import Officer
from fangxian.core.permissions import require
from fangxian.faces.field import assets, batches, pages, receiving
from fangxian.faces.web import policies
from fangxian.faces.web.middleware import STARTED

TAKEN = "field_days"  # lists this session has fetched and written to the audit
KEY_SALT = "fangxian.field.phone"


@policies.public
@require_GET
def shell(request: HttpRequest) -> HttpResponse:
    """The page every phone keeps. The same bytes for everybody: it names nobody and holds no record."""
    answer = render(request, "field/shell.html", {"config": assets.config(), "styles": assets.styles()})
    answer["Cache-Control"] = "no-cache"
    return answer


@policies.public
@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker; its text changes whenever anything the phone keeps has changed."""
    kept = json.dumps({"version": assets.version(), "assets": assets.addresses()})
    text = f'import {{ start }} from "{static("field/js/worker.js")}";\nstart({kept});\n'
    return HttpResponse(text, content_type="text/javascript", headers={"Cache-Control": "no-cache"})


@policies.signed_in
@require_GET
def me(request: HttpRequest) -> HttpResponse:
    """Who is signed in, until when, what this officer may open, and the key that opens what the phone keeps."""
    officer = request.user
    return JsonResponse(
        {
            "officer": str(officer.pk), "name": officer.name or officer.username, "language": get_language(),
            "at": _ms(now().timestamp()), "since": _ms(_began_at(request)), "until": _ms(_ends_at(request)),
            "csrf": get_token(request),
            "key": phone_key(officer), "pages": [page.key for page in pages.for_officer(officer)],
            "version": assets.version(),
        }
    )  # fmt: skip


@policies.signed_in
@require_GET
def day(request: HttpRequest, key: str) -> HttpResponse:
    """The list of a page for the day; unchanged since the phone has it: 304. The first time a day is audited."""
    try:
        page = pages.get(key)
    except LookupError as error:
        raise Http404 from error
    require(request.user, page.permission)
    with scope.of(request.user, page.permission):
        found = page.cards(request.user)
        _record(request, page, found)
    body = json.dumps(found, cls=DjangoJSONEncoder, ensure_ascii=False, separators=(",", ":"))
    tag = hashlib.sha256(body.encode()).hexdigest()[:24]
    if request.headers.get("X-Have") == tag:
        return HttpResponse(status=304)
    about = f'{{"page":{json.dumps(key)},"day":"{today()}","at":{_ms(now().timestamp())},"tag":"{tag}","list":{body}}}'
    return HttpResponse(about, content_type="application/json")


@policies.signed_in
@require_POST
def submissions(request: HttpRequest) -> HttpResponse:
    """Entries of a phone, each judged by itself. Those of another officer are not taken: they wait for their own."""
    try:
        officer, entries = batches.read(request.body)
    except ValidationError as error:
        return JsonResponse({"error": "invalid", "reason": " ".join(error.messages)}, status=422)
    if officer != str(request.user.pk):
        return JsonResponse({"error": "other_officer", "reason": _("Another officer is signed in.")}, status=409)
    answers = [receiving.receive(request.user, sent) for sent in entries]
    return JsonResponse({"at": _ms(now().timestamp()), "answers": answers})


def phone_key(officer: Officer) -> str:
    """Base 64 of 256 bits only this officer is ever given; the phone keeps it until the shift is over.

    The same each time, so that entries which waited through a sign-out can still be opened and sent.
    """
    made = salted_hmac(KEY_SALT, str(officer.pk), algorithm="sha256").digest()
    return base64.b64encode(made).decode()


def _began_at(request: HttpRequest) -> float:
    return request.session.get(STARTED, now().timestamp())


def _ends_at(request: HttpRequest) -> float:
    return _began_at(request) + settings.SESSION_COOKIE_AGE


def _record(request: HttpRequest, page: pages.Page, found: dict[str, Any]) -> None:
    """Who took personal data along on a phone: once a session, page and day."""
    mark = f"{page.key} {today()}"
    taken = request.session.get(TAKEN, [])
    if mark in taken:
        return
    posts = request.user.posts_with(page.permission)
    detail = {"page": page.key, "cards": len(found.get("cards", []))}
    with audit.act("field.day.taken", by=request.user, area=posts[0].area if posts else None, detail=detail):
        request.session[TAKEN] = [*taken[-20:], mark]


def _ms(seconds: float) -> int:
    return int(seconds * 1000)
