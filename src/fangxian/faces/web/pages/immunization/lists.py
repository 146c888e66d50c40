"""The named lists of vaccination: what a figure counts is what its link shows. Those of visits are of one disease."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fangxian.core.clock import today
from fangxian.faces.web.registers.named import add

VISITS, EVENTS = "immunization.visit", "immunization.aefi"


def _today(disease: str) -> Q:
    return Q(day=today(), disease=disease)


add("came_today", VISITS, _("came today"), _today, called=lambda value: str(_("came today")))
add("given_today", VISITS, _("vaccinated today"), lambda value: _today(value) & Q(vaccinated_at__isnull=False),
    called=lambda value: str(_("vaccinated today")))  # fmt: skip
add("observed", VISITS, _("being observed"),
    lambda value: _today(value) & Q(state="HERE", vaccinated_at__isnull=False),
    called=lambda value: str(_("being observed")))  # fmt: skip
add("open", EVENTS, _("not concluded"), lambda value: ~Q(stage="FINAL"))
