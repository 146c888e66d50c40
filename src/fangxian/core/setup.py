"""First start: a one-time code printed on the console lets one person make the first account. None exists before."""

import hashlib
import hmac
import secrets
from datetime import timedelta

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from fangxian.core import audit, keys
from fangxian.core.areas import Area
from fangxian.core.clock import now, shown
from fangxian.core.officers import Officer, Post

VALID_FOR = timedelta(minutes=15)
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # no letter that reads like a digit


class SetupCode(models.Model):
    """The fingerprint of a set-up code, until when it works, when it was used."""

    fingerprint = models.CharField(max_length=64)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("Set-up code")
        verbose_name_plural = _("Set-up codes")

    def __str__(self) -> str:
        return f"{_('Set-up code')} {shown(self.expires_at)}"


def is_open() -> bool:
    """Whether nobody can sign in yet (officers of the demo have no password)."""
    return not Officer.objects.exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX).exists()


def issue_code() -> str:
    """A new code, valid for 15 minutes; earlier codes end. Shown once, stored only as a keyed fingerprint."""
    code = "-".join("".join(secrets.choice(ALPHABET) for _n in range(4)) for _group in range(3))
    with transaction.atomic():
        SetupCode.objects.filter(used_at__isnull=True).delete()
        SetupCode.objects.create(fingerprint=_fingerprint(code), expires_at=now() + VALID_FOR)
    return code


def code_is_valid(code: str) -> bool:
    """Whether a code may be used now."""
    return is_open() and _usable(code) is not None


def create_first_officer(code: str, *, username: str, name: str, password: str) -> Officer:
    """Make the first account, the system administrator of the whole tree; the code is used up."""
    with audit.act("core.setup.completed", by=None) as detail:
        found = _usable(code)
        if found is None or not is_open():
            raise ValidationError(
                _("This code is wrong, used or older than 15 minutes. Print a new one with “fangxian init”.")
            )
        officer = Officer(username=username, name=name)
        validate_password(password, officer)
        officer.set_password(password)
        officer.full_clean()
        officer.save()
        for root in Area.objects.filter(parent__isnull=True):
            Post.objects.create(officer=officer, role="system_admin", area=root)
        found.used_at = now()
        found.save()
        detail["officer"] = officer.pk
    return officer


def _usable(code: str) -> SetupCode | None:
    return SetupCode.objects.filter(
        fingerprint=_fingerprint(code.strip().upper()), expires_at__gt=now(), used_at__isnull=True
    ).first()


def _fingerprint(code: str) -> str:
    return hmac.new(keys.current().audit_key, f"setup {code}".encode(), hashlib.sha256).hexdigest()
