"""The words of readiness."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CommunityState(models.TextChoices):
    """Where an application stands. Nobody types it: evidence, time and two persons move it."""

    APPLIED = "APPLIED", _("Applied, to be approved")
    GRANTED = "GRANTED", _("Epidemic-free")
    REFUSED = "REFUSED", _("Not granted")
    REVOKED = "REVOKED", _("Status revoked")
    EXPIRED = "EXPIRED", _("Run out")


class OpeningState(models.TextChoices):
    """Where the opening of a school stands."""

    PLANNED = "PLANNED", _("Being prepared")
    PROPOSED = "PROPOSED", _("Opening proposed")
    OPEN = "OPEN", _("School open")
    CLOSED = "CLOSED", _("Closed again")


class RollRole(models.TextChoices):
    """As what somebody is on a roll."""

    PUPIL = "PUPIL", _("Pupil")
    STAFF = "STAFF", _("Staff of the school")
