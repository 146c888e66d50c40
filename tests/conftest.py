"""Fixtures every test may use: a small county and its neighbour, officers, scope."""

import gc
import itertools
from datetime import UTC, datetime

import pytest
from django.conf import settings as django_settings
from django.utils import translation

from fangxian.core import clock, modes, scope
from fangxian.core.areas import Area
from fangxian.core.officers import Officer, appoint

TREE = [
    ("41", "河南省", "Henan", "province", None),
    ("4108", "焦作市", "Jiaozuo", "prefecture", "41"),
    ("410883", "孟州市", "Mengzhou", "county", "4108"),
    ("410883001", "大定街道", "Dading", "township", "410883"),
    ("410883001212", "段西村", "Duanxi", "village", "410883001"),
    ("410883001212001", "段西村一网格", "Duanxi cell 1", "grid_cell", "410883001212"),
    ("410883001212002", "段西村二网格", "Duanxi cell 2", "grid_cell", "410883001212"),
    ("410883002", "会昌街道", "Huichang", "township", "410883"),
    ("410883002201", "东关村", "Dongguan", "village", "410883002"),
    ("410882", "沁阳市", "Qinyang", "county", "4108"),
    ("410882001", "覃怀街道", "Qinhuai", "township", "410882"),
    ("410882001201", "西关村", "Xiguan", "village", "410882001"),
]
_numbers = itertools.count(1)


STORE_FIXTURES = {"db", "transactional_db", "django_db_setup", "hot", "postgres_dsn"}


def pytest_addoption(parser):
    parser.addoption("--store-only", action="store_true", help="only tests that touch the store (for the second store)")
    parser.addoption(
        "--register", action="append", help="walk only this register, as supplies.stock; may be given again"
    )


def pytest_collection_finish():
    """What every test needs stays: the collector of garbage need not look through it again and again."""
    gc.collect()
    gc.freeze()


def pytest_collection_modifyitems(config, items):
    """The second store need not prove again what never touches a store; each store is asked its own."""
    if config.getoption("--store-only"):
        kept = [item for item in items if _touches_store(item) and not item.get_closest_marker("sqlite_only")]
    else:
        kept = [item for item in items if not item.get_closest_marker("postgres_only")]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
    items[:] = kept


def _touches_store(item) -> bool:
    return bool(STORE_FIXTURES & set(item.fixturenames)) or item.get_closest_marker("django_db") is not None


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup):
    """The visit log of a test may outlive it; its connection must not outlive the test's database."""
    from fangxian import warehouse

    yield
    warehouse.close_visit_logs()


@pytest.fixture(autouse=True)
def _real_clock(monkeypatch):
    """No test inherits the drill clock that a command under test has set."""
    monkeypatch.setattr(django_settings, "CLOCK_START", "")


@pytest.fixture(autouse=True)
def _own_language():
    """No test inherits the language that a command under test has set."""
    with translation.override(django_settings.LANGUAGE_CODE):
        yield


@pytest.fixture(autouse=True)
def _nothing_declared(request):
    """Without a store there is nobody to ask which mode an area is in: nothing is declared."""
    if _touches_store(request.node):
        yield
    else:
        with modes.remembered(modes.Book()):
            yield


@pytest.fixture
def county(db) -> Area:
    """孟州市 with two townships, villages and grid cells, and the neighbour 沁阳市."""
    for code, name, name_en, kind, parent in TREE:
        Area.objects.create(code=code, name=name, name_en=name_en, kind=kind, parent_id=parent)
    return Area.objects.get(code="410883")


@pytest.fixture
def officer(county):
    """Factory: `officer("investigator")` holds that post in the county; `area=` elsewhere; password "correct horse"."""

    def make(role: str | None = "duty_officer", area: str = "410883", **extra) -> Officer:
        username = extra.pop("username", f"{role}{next(_numbers)}")
        made = Officer.objects.create_officer(
            username, name=extra.pop("name", username), password="correct horse", **extra
        )
        if role:
            appoint(made, role=role, area=Area.objects.get(code=area), by=None)
        return made

    return make


@pytest.fixture
def sign_in():
    """`sign_in(officer)` is a browser of that officer, past the second factor, reading English."""

    from allauth.mfa.models import Authenticator
    from django.test import Client

    def make(officer, language: str = "en") -> Client:
        officer.language = language
        officer.save()
        Authenticator.objects.get_or_create(user=officer, type=Authenticator.Type.TOTP, defaults={"data": {}})
        client = Client(headers={"accept-language": language})
        client.cookies["django_language"] = language
        client.force_login(officer, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return make


@pytest.fixture
def everywhere():
    """All rows, for tests that are not about scope."""
    with scope.everywhere("test"):
        yield


@pytest.fixture
def visits(tmp_path, settings, db):
    """A visit log of the test's own; gives the function that records visits."""
    from fangxian import warehouse
    from tests.visits import record_visits

    warehouse.close_visit_logs()
    settings.DATA_DIR = tmp_path
    yield record_visits
    warehouse.close_visit_logs()


@pytest.fixture
def frozen():
    """A morning in the days of protocol v8: 2022-03-15 08:00 in Beijing."""
    with clock.frozen(datetime(2022, 3, 15, 0, 0, tzinfo=UTC)) as moment:
        yield moment
