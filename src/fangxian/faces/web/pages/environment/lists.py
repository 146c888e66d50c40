"""The named lists of the environment: what a figure counts is what its link shows."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fangxian.core.clock import now
from fangxian.faces.web.registers.named import add, day_of

SAMPLES, ORDERS = "environment.environmentsample", "environment.environmentorder"

add("waiting", SAMPLES, _("without result"), lambda value: Q(result="PENDING"))
add("late", SAMPLES, _("overdue"), lambda value: Q(result="PENDING", due_at__lt=now()))
add("positive_since", SAMPLES, _("positive since"),
    lambda value: Q(result="POSITIVE", sampled_at__date__gte=day_of(value)))  # fmt: skip
add("open", ORDERS, _("not done yet"), lambda value: Q(state="ORDERED"))
add("overdue", ORDERS, _("overdue"), lambda value: Q(state="ORDERED", due_at__lt=now()))
add("to_accept", ORDERS, _("done, to be accepted"), lambda value: Q(state="DONE"))
