"""The peer: what one writes first. The middleware of `startproject`, one model, one view that checks and saves.

One object is one row saved; a list is one `bulk_create`. Both look the device's token up, check every field, and answer
when the transaction is committed with full sync: what the ingest handler promises, and no more.
"""

import hashlib
import json
import os
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote

import django
import environ
from django.conf import settings

from bench.ingest.places import DSN, FOLDER

PRAGMAS = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA busy_timeout=20000;"
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
APPS = ["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "django.contrib.messages"]


def database() -> dict:
    """SQLite with full sync, or PostgreSQL through Django's pool where a URL is given.

    Under ASGI Django gives every request a thread of its own: connections kept by age would be left behind by the
    thread until PostgreSQL has none left.
    """
    if os.environ.get(DSN):
        found = environ.Env.db_url_config(os.environ[DSN])
        return {**found, "HOST": unquote(found["HOST"]), "OPTIONS": {"pool": {"min_size": 4, "max_size": 16}}}
    options = {"init_command": PRAGMAS, "transaction_mode": "IMMEDIATE", "timeout": 20}
    name = Path(os.environ[FOLDER]) / "plain.sqlite"
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": name, "OPTIONS": options, "CONN_MAX_AGE": None}


settings.configure(
    SECRET_KEY="bench", ALLOWED_HOSTS=["*"], ROOT_URLCONF=__name__, MIDDLEWARE=MIDDLEWARE, INSTALLED_APPS=APPS,
    DATABASES={"default": database()}, USE_TZ=True, DATA_UPLOAD_MAX_MEMORY_SIZE=None,
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
)  # fmt: skip
django.setup()

from django.core.asgi import get_asgi_application  # noqa: E402  (needs the settings above)
from django.core.exceptions import ValidationError  # noqa: E402
from django.core.validators import MaxValueValidator, MinValueValidator  # noqa: E402
from django.db import connection, models, transaction  # noqa: E402
from django.http import HttpRequest, JsonResponse  # noqa: E402
from django.urls import path  # noqa: E402
from django.views.decorators.csrf import csrf_exempt  # noqa: E402
from django.views.decorators.http import require_POST  # noqa: E402


class Device(models.Model):
    """A device by the hash of its token."""

    token_hash = models.BinaryField(primary_key=True)
    name = models.CharField(max_length=80)

    class Meta:
        app_label = "auth"


class Visit(models.Model):
    """The columns of a row of the visit log."""

    visit_id = models.UUIDField(primary_key=True)
    person = models.UUIDField()
    place = models.UUIDField()
    entered_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)
    mask = models.BooleanField(null=True)
    temperature = models.FloatField(null=True, blank=True, validators=[MinValueValidator(25), MaxValueValidator(45)])
    device_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField()

    class Meta:
        app_label = "auth"


@csrf_exempt
@require_POST
def visits(request: HttpRequest) -> JsonResponse:
    """Take one visit or a list of them."""
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not Device.objects.filter(token_hash=hashlib.sha256(token.encode()).digest()).exists():
        return JsonResponse({"error": "unknown_device"}, status=401)
    given = json.loads(request.body)
    try:
        with transaction.atomic():
            stored = _many(given) if isinstance(given, list) else _one(given)
    except ValidationError as error:
        return JsonResponse({"error": error.message_dict}, status=422)
    return JsonResponse({"accepted": stored})


def _one(given: dict) -> int:
    visit = _visit(given)
    visit.clean_fields()
    return int(Visit.objects.get_or_create(pk=visit.pk, defaults=_values(visit))[1])


def _values(visit: Visit) -> dict:
    return {field.attname: getattr(visit, field.attname) for field in Visit._meta.fields if not field.primary_key}


def _many(given: list[dict]) -> int:
    rows = [_visit(row) for row in given]
    for row in rows:
        row.clean_fields()
    return len(Visit.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500))


def _visit(given: dict) -> Visit:
    return Visit(
        visit_id=given["visit_id"],
        person=given["person"],
        place=given["place"],
        entered_at=_moment(given["entered_at"]),
        left_at=_moment(given.get("left_at")),
        mask=given.get("mask"),
        temperature=given.get("temperature"),
        device_at=_moment(given.get("device_at")),
        received_at=datetime.now(UTC),
    )


def _moment(second: int | None) -> datetime | None:
    return None if second is None else datetime.fromtimestamp(second, UTC)


def prepare(token: str) -> None:
    """The two tables, and one device."""
    with connection.schema_editor() as editor:
        editor.create_model(Device)
        editor.create_model(Visit)
    Device.objects.create(token_hash=hashlib.sha256(token.encode()).digest(), name="bench")


def stored() -> int:
    """How many rows there are."""
    return Visit.objects.count()


urlpatterns = [path("ingest/visits", visits)]
application = get_asgi_application()
