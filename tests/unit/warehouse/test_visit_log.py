"""`visit_log()`: one log a data folder, where the settings say."""

import logging

import pytest

from fangxian.core import clock
from fangxian.warehouse import close_visit_logs, visit_log
from fangxian.warehouse.visits.hot import PostgresHot, SqliteHot
from tests.unit.warehouse.moments import SERVER

POSTGRES = "django.db.backends.postgresql"


@pytest.fixture(autouse=True)
def no_log_is_left_open():
    yield
    close_visit_logs()


def test_it_is_opened_once_below_the_data_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    log = visit_log()
    assert visit_log() is log
    assert log.folder.root == tmp_path / "visits"
    assert isinstance(log.hot, SqliteHot if "sqlite" in settings.DATABASES["default"]["ENGINE"] else PostgresHot)
    close_visit_logs()
    assert visit_log() is not log


def test_another_folder_is_another_log(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "a"
    first = visit_log()
    settings.DATA_DIR = tmp_path / "b"
    assert visit_log() is not first


def test_it_follows_the_one_clock(settings, tmp_path, frozen):
    settings.DATA_DIR = tmp_path
    assert visit_log().now() == int(frozen.timestamp())
    assert visit_log().today == clock.today()


def test_repairs_are_logged(settings, tmp_path, arrival, caplog):
    settings.DATA_DIR = tmp_path
    log = visit_log()
    log.append([arrival()])
    log.seal()
    for file in tmp_path.glob("visits/fast/*/p_en.npy"):
        file.unlink()
    close_visit_logs()
    with caplog.at_level(logging.WARNING, "fangxian.visits"):
        visit_log().open_store()
    assert "built again" in caplog.text


if SERVER:

    def test_with_postgresql_the_hot_rows_are_in_the_system_of_record(settings, tmp_path, postgres_dsn, monkeypatch):
        from django.db import connection
        from psycopg.conninfo import conninfo_to_dict

        given = conninfo_to_dict(postgres_dsn)
        database = {"ENGINE": POSTGRES, "NAME": given.pop("dbname"), "OPTIONS": {**given, "pool": False}}
        for name, value in {**database, "USER": "", "HOST": "", "PORT": ""}.items():
            monkeypatch.setitem(connection.settings_dict, name, value)
        settings.DATA_DIR = tmp_path
        log = visit_log()
        assert isinstance(log.hot, PostgresHot)
        assert log.hot.span() is None
        assert not (tmp_path / "visits" / "hot.sqlite").exists()
