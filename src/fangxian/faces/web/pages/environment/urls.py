"""Addresses of the pages of environment."""

from django.urls import path

from fangxian.faces.web.pages.environment import around, board, lists, menu, order, sample  # noqa: F401

HERE = "environment/"

urlpatterns = [
    path(HERE, board.board, name="environment"),
    path(HERE + "round/", board.begin_round, name="environment_round"),
    path(HERE + "samples/<uuid:pk>/", sample.sample, name="environment_sample"),
    path(HERE + "samples/<uuid:pk>/result/", sample.result, name="environment_result"),
    path(HERE + "orders/<uuid:pk>/", order.order, name="environment_order"),
    path(HERE + "orders/<uuid:pk>/proof/", order.proof, name="environment_proof"),
    path(HERE + "orders/<uuid:pk>/check/", order.check, name="environment_check"),
    path(HERE + "orders/<uuid:pk>/decide/", order.decide, name="environment_decide"),
    path("cases/<uuid:pk>/disinfect/", around.disinfect, name="case_disinfect"),
]
