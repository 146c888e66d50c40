"""A very small demo county in the database and in a folder of its own, made once for all tests about it."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test.utils import override_settings

from fangxian.core import scope
from fangxian.demo import story
from fangxian.demo.days import OUTBREAK_DAY
from fangxian.warehouse import close_visit_logs, visit_log

SCALE = 0.002


@pytest.fixture(scope="package")
def county_after(django_db_setup, django_db_blocker, tmp_path_factory):
    """The county after its outbreak day and the report of it. Committed; flushed at the end."""
    told: list[tuple[str, int, int]] = []
    folder = tmp_path_factory.mktemp("demo")
    close_visit_logs()
    with override_settings(DATA_DIR=folder):
        with django_db_blocker.unblock():
            demo = story.build(SCALE, story.DEFAULT_SEED, lambda *said: told.append(said))
            report = story.replay(demo, lambda *said: told.append(said))
        yield demo, report, told
        with django_db_blocker.unblock():
            visit_log().seal(OUTBREAK_DAY + timedelta(days=1))  # on PostgreSQL the hot rows outlive the folder
            close_visit_logs()
            call_command("flush", interactive=False, verbosity=0)


@pytest.fixture
def lived(county_after, db):
    """The same, read by one test that sees all rows."""
    with scope.everywhere("tests of the demo"):
        yield county_after
