"""Registers the system with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GoodsConfig(AppConfig):
    name = "fangxian.systems.goods"
    label = "goods"
    verbose_name = _("Goods")
