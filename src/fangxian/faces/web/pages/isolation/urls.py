"""Addresses of the pages of isolation sites."""

from django.urls import path

from fangxian.faces.web.pages.isolation import guest, menu, openings, proofs, releasing, running, site, stay, transfers

__all__ = ["menu", "urlpatterns"]  # the menu adds itself when it is imported

urlpatterns: list = [
    path("isolation/", site.sites, name="isolation"),
    path("isolation/waiting/<str:code>/", site.book_waiting, name="rooms_to_waiting"),
    path("isolation/transfers/", transfers.transfers, name="transfers"),
    path("isolation/transfers/<uuid:pk>/", transfers.act, name="transfer_act"),
    path("isolation/openings/", openings.openings, name="openings"),
    path("isolation/openings/<uuid:pk>/", openings.act, name="opening_act"),
    path("isolation/shares/<uuid:pk>/", openings.confirm, name="share_confirm"),
    path("isolation/stays/<uuid:pk>/", stay.stay, name="isolation_stay"),
    path("isolation/stays/<uuid:pk>/room/", releasing.room, name="stay_room"),
    path("isolation/stays/<uuid:pk>/card/", guest.card, name="guest_card"),
    path("isolation/proofs/<uuid:pk>/", proofs.proof, name="release_proof"),
    path("isolation/<uuid:pk>/", site.board, name="site_board"),
    path("isolation/<uuid:pk>/day/", running.day, name="site_day"),
    path("isolation/<uuid:pk>/day/requests/<uuid:request_pk>/", running.answer, name="request_answer"),
    path("isolation/<uuid:pk>/day/deliveries/", running.deliveries, name="site_deliveries"),
    path("isolation/<uuid:pk>/day/log/", running.log, name="site_log"),
    path("isolation/<uuid:pk>/day/sign/<uuid:record_pk>/", running.sign, name="log_sign"),
    path("isolation/<uuid:pk>/release/", releasing.release_list, name="site_release"),
    path("isolation/<uuid:pk>/hand-over/", running.hand_over, name="site_hand_over"),
    path("guest/<str:token>/", guest.page, name="guest_page"),
    path("release-proof/", proofs.verify, name="proof_verify"),
]
