"""Addresses of the pages of surveillance."""

from django.urls import path

from fangxian.faces.web.pages.surveillance import card, curves, heat, inbox, lists, menu, products  # noqa: F401
from fangxian.faces.web.words import register_words
from fangxian.workflows.warning.papers import FORMS

HERE = "surveillance/"

register_words("signal_deed", card.DEEDS)
register_words("product_step", products.STEPS)
register_words("product_form", FORMS)

urlpatterns = [
    path(HERE, inbox.inbox, name="surveillance"),
    path(HERE + "run/", inbox.run, name="surveillance_run"),
    path(HERE + "run/progress/", inbox.progress, name="surveillance_progress"),
    path(HERE + "held/<uuid:pk>/", inbox.raise_held, name="surveillance_raise_held"),
    path(HERE + "heat/", heat.heat, name="surveillance_heat"),
    path(HERE + "curve/", curves.curve, name="surveillance_curve"),
    path(HERE + "season/", curves.season, name="surveillance_season"),
    path(HERE + "methods/", curves.methods, name="surveillance_methods"),
    path(HERE + "signals/<uuid:pk>/", card.card, name="signal"),
    path(HERE + "signals/<uuid:pk>/product/", products.form, name="warning_form"),
    path(HERE + "signals/<uuid:pk>/<signal_deed:signal_deed>/", card.act, name="signal_act"),
    path(HERE + "products/<uuid:pk>/", products.product, name="warning_product"),
    path(HERE + "products/<uuid:pk>/paper.<product_form:product_form>", products.paper, name="warning_paper"),
    path(HERE + "products/<uuid:pk>/<product_step:product_step>/", products.act, name="warning_act"),
]
