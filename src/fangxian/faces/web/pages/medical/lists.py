"""The named lists of medical care: what a figure counts is what its link shows."""

from datetime import timedelta

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fangxian.core.clock import now
from fangxian.faces.web.registers.named import add
from fangxian.registers import site

FEVER, TRANSFERS = "medical.fevervisit", "medical.referral"
SEEN_HOURS = 24


def _lately() -> Q:
    return Q(visited_at__gte=now() - timedelta(hours=SEEN_HOURS))


add("fever_lately", FEVER, _("with fever, of the last day and night"), lambda value: _lately() & Q(is_fever=True))
add("forbidden_lately", FEVER, _("where not allowed, of the last day and night"),
    lambda value: _lately() & Q(is_forbidden=True))  # fmt: skip
add("under_way", TRANSFERS, _("under way"), lambda value: Q(state__in=site.get(TRANSFERS).model.OPEN))
