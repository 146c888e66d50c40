"""The named lists of pharmacies: what a figure counts is what its link shows."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fangxian.core.clock import today
from fangxian.faces.web.registers.named import add
from fangxian.systems.pharmacies.selectors import bounds
from fangxian.systems.pharmacies.words import SETTLED

SALES, CALLS = "pharmacies.sale", "pharmacies.callback"


def _today() -> Q:
    return Q(sold_at__gte=bounds(today())[0], voided_at=None)


add("today", SALES, _("of today"), lambda value: _today())
add("fever_today", SALES, _("with fever, of today"), lambda value: _today() & Q(is_fever=True))
add("open", CALLS, _("not settled"), lambda value: ~Q(outcome__in=SETTLED))
