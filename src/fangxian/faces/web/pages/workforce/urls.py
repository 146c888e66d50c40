"""Addresses of the pages of the workforce."""

from django.urls import path

from fangxian.faces.web.pages.workforce import board, going, menu, statements, training  # noqa: F401  (menu adds itself)

HERE = "workforce/"

urlpatterns = [
    path(HERE, board.board, name="workforce"),
    path(HERE + "mine/", board.mine, name="my_shifts"),
    path(HERE + "workers/<str:worker>/", board.worker, name="worker"),
    path(HERE + "statements/", statements.statements, name="statements"),
    path(HERE + "statements/draw/", statements.draw, name="statements_draw"),
    path(HERE + "statements/<uuid:pk>/", statements.statement, name="statement"),
    path(HERE + "statements/<uuid:pk>/agree/", statements.agree, name="statement_agree"),
    path(HERE + "mine/statements/<uuid:pk>/", statements.my_statement, name="my_statement"),
    path(HERE + "training/", training.overview, name="training"),
    path(HERE + "training/ask/", training.ask, name="training_ask"),
    path(HERE + "training/results/<uuid:pk>/", training.result, name="quiz_result"),
    path(HERE + "training/<slug:course>/", training.quiz, name="quiz"),
    path(HERE + "deployments/", going.deployments, name="deployments"),
    path(HERE + "deployments/<uuid:pk>/call-back/", going.call_back, name="deployment_call_back"),
    path(HERE + "visits/", going.visits, name="visits"),
]
