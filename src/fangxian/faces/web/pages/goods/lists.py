"""The named list of goods that no filter gives: what its figure counts is what its link shows."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fangxian.faces.web.registers.named import add

RECALLS = "goods.recall"

add("under_way", RECALLS, _("under way"), lambda value: Q(closed_at=None))
