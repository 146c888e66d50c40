"""Addresses of the pages of checkpoints."""

from django.urls import path

from fangxian.faces.web.pages.checkpoints import manifests, menu, points, shifts  # noqa: F401  (menu adds itself)

HERE = "checkpoints/"

urlpatterns = [
    path(HERE, points.board, name="points"),
    path(HERE + "<uuid:pk>/", points.point, name="point"),
    path(HERE + "passages/<uuid:pk>/", points.passage, name="passage"),
    path(HERE + "passages/<uuid:pk>/settle/", points.settle, name="passage_settle"),
    path(HERE + "vehicles/<uuid:pk>/", points.vehicle, name="vehicle"),
    path(HERE + "shifts/<uuid:pk>/", shifts.shift, name="shift"),
    path(HERE + "shifts/<uuid:pk>/begin/", shifts.begin, name="shift_begin"),
    path(HERE + "shifts/<uuid:pk>/hand-over/", shifts.hand_over, name="shift_hand_over"),
    path(HERE + "shifts/<uuid:pk>/take-over/", shifts.take_over, name="shift_take_over"),
    path(HERE + "manifests/<uuid:pk>/", manifests.manifest, name="manifest"),
    path(HERE + "manifests/<uuid:pk>/match/", manifests.match, name="manifest_match"),
    path(HERE + "manifests/<uuid:pk>/close/", manifests.close, name="manifest_close"),
    path(HERE + "passengers/<uuid:pk>/decide/", manifests.decide, name="passenger_decide"),
    path(HERE + "consignments/<uuid:pk>/treat/", manifests.treat, name="consignment_treat"),
]
