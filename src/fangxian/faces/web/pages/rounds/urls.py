"""Addresses of the pages of test rounds."""

from django.urls import path

from fangxian.faces.web.pages.rounds import acts, batches, board, days, menu, people, point, tubes  # noqa: F401  (menu adds itself)

HERE = "rounds/"

urlpatterns = [
    path(HERE, board.rounds, name="rounds"),
    path(HERE + "must-test/", days.must_test, name="must_test_days"),
    path(HERE + "<uuid:pk>/", board.board, name="round"),
    path(HERE + "<uuid:pk>/open/", acts.open_round, name="round_open"),
    path(HERE + "<uuid:pk>/chase/", acts.chase, name="round_chase"),
    path(HERE + "<uuid:pk>/close/", acts.close, name="round_close"),
    path(HERE + "<uuid:pk>/resume/", acts.resume, name="round_resume"),
    path(HERE + "<uuid:pk>/people/", people.listing, name="round_people"),
    path(HERE + "<uuid:pk>/people/mark/", people.mark, name="round_mark"),
    path(HERE + "<uuid:pk>/pools/", board.pools, name="round_pools"),
    path("sampling-points/<uuid:pk>/", point.point, name="sampling_point"),
    path("sampling-points/<uuid:pk>/register/", point.register, name="sampling_register"),
    path("sampling-points/<uuid:pk>/pack/", batches.pack, name="sampling_pack"),
    path("laboratory/", batches.laboratory, name="laboratory"),
    path("laboratory/results/", batches.results_file, name="laboratory_results"),
    path("batches/<uuid:pk>/", batches.batch, name="tube_batch"),
    path("batches/<uuid:pk>/send/", batches.send, name="tube_batch_send"),
    path("batches/<uuid:pk>/receive/", batches.receive, name="tube_batch_receive"),
    path("tubes/<uuid:pk>/", tubes.tube, name="tube"),
    path("tubes/<uuid:pk>/lost/", tubes.lose, name="tube_lost"),
    path("tubes/<uuid:pk>/found/", tubes.find, name="tube_found"),
    path("batches/<uuid:pk>/lost/", tubes.lose_some, name="tube_batch_lost"),
    path("accidents/<uuid:pk>/", batches.accident, name="lab_accident"),
    path("accidents/<uuid:pk>/close/", batches.close_accident, name="lab_accident_close"),
]
