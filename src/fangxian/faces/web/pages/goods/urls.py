"""Addresses of the pages of goods."""

from django.urls import path

from fangxian.faces.web.pages.goods import keeping, lists, lots, menu, recalls  # noqa: F401  (menu adds itself)

HERE = "goods/"

urlpatterns = [
    path(HERE, keeping.board, name="goods"),
    path(HERE + "consignments/<uuid:pk>/", keeping.consignment, name="goods_consignment"),
    path(HERE + "consignments/<uuid:pk>/accept/", keeping.accept, name="goods_accept"),
    path(HERE + "consignments/<uuid:pk>/paper/", keeping.paper, name="goods_paper"),
    path(HERE + "places/<uuid:pk>/", keeping.place, name="goods_place"),
    path(HERE + "lots/<uuid:pk>/", lots.lot, name="goods_lot"),
    path(HERE + "lots/<uuid:pk>/move/", lots.move, name="goods_move"),
    path(HERE + "lots/<uuid:pk>/sample/", lots.sample, name="goods_sample"),
    path(HERE + "lots/<uuid:pk>/release/", lots.release, name="goods_release"),
    path(HERE + "lots/<uuid:pk>/recall/", lots.recall, name="goods_recall_start"),
    path(HERE + "tests/<uuid:pk>/report/", lots.report, name="goods_report"),
    path(HERE + "recalls/<uuid:pk>/", recalls.recall, name="goods_recall"),
    path(HERE + "holders/<uuid:pk>/", recalls.line, name="goods_holder"),
]
