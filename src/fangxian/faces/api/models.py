"""Personal tokens of the interface, and the answers of bulk calls kept for those who ask again."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fangxian.core import audit
from fangxian.core.clock import now
from fangxian.core.ids import uuid7
from fangxian.core.officers import Officer, Post

PREFIX = "fx_"
LONGEST = timedelta(days=366)
BULK_KEPT = timedelta(days=7)


class ApiToken(models.Model):
    """A token that works in place of its owner, for one post, until a day. Only its hash is kept."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    post = models.ForeignKey(Post, models.CASCADE, verbose_name=_("Post"), related_name="api_tokens")
    name = models.CharField(_("Name"), max_length=60)
    fingerprint = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("Created"), default=now, editable=False)
    expires_at = models.DateTimeField(_("Expires"))
    revoked_at = models.DateTimeField(_("Revoked"), null=True, editable=False)

    class Meta:
        verbose_name = _("Interface token")
        verbose_name_plural = _("Interface tokens")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.name


class BulkCall(models.Model):
    """What a bulk call answered, so that the same call again gets the same answer and writes nothing."""

    officer = models.ForeignKey(Officer, models.CASCADE, related_name="+")
    key = models.CharField(max_length=120)
    register = models.CharField(max_length=80)
    digest = models.CharField(max_length=64)
    answer = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    created_at = models.DateTimeField(default=now)

    class Meta:
        verbose_name = _("Bulk call")
        verbose_name_plural = _("Bulk calls")
        constraints = [models.UniqueConstraint(fields=["officer", "key"], name="bulk_call_once")]

    def __str__(self) -> str:
        return f"{self.register} {self.key}"


def issue(post: Post, *, name: str, expires_at: datetime, by: Officer) -> tuple[ApiToken, str]:
    """A new token and its row; the token itself is in nobody's hands but the caller's from here on."""
    token = PREFIX + secrets.token_urlsafe(32)
    with audit.act("api.token.issued", by=by, area=post.area, detail={"role": post.role, "name": name}):
        made = ApiToken.objects.create(post=post, name=name, expires_at=expires_at, fingerprint=fingerprint(token))
    return made, token


def revoke(token: ApiToken, *, by: Officer) -> None:
    """End a token at once."""
    with audit.act("api.token.revoked", by=by, area=token.post.area, target=token):
        token.revoked_at = now()
        token.save(update_fields=["revoked_at"])


def holder(token: str) -> Officer | None:
    """The officer a token speaks for, reduced to the token's post; None when it is unknown, ended or its post is."""
    live = ApiToken.objects.filter(fingerprint=fingerprint(token), revoked_at__isnull=True, expires_at__gt=now())
    found = live.filter(post__in=Post.objects.current()).select_related("post__officer", "post__area").first()
    if found is None:
        return None
    officer = found.post.officer
    officer.__dict__["current_posts"] = [found.post]
    return officer


def mine(officer: Officer) -> models.QuerySet[ApiToken]:
    """The officer's own tokens, whether they still work or not."""
    return ApiToken.objects.filter(Q(post__officer=officer)).select_related("post__area")


def fingerprint(token: str) -> str:
    """SHA-256: enough for 256 random bits, which nobody can guess or tabulate."""
    return hashlib.sha256(token.encode()).hexdigest()
