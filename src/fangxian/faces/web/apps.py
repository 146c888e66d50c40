"""Registers the web face with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WebConfig(AppConfig):
    name = "fangxian.faces.web"
    label = "web"
    verbose_name = _("Web")
