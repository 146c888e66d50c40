"""A drill of two hours in a few seconds: a copy, its own server, officers who react in its pages, the evaluation."""

import os
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.test import override_settings
from playwright.sync_api import expect

from fangxian.core import clock, drilling, records, scope
from fangxian.core.areas import Area
from fangxian.core.audit import AuditHead
from fangxian.core.drilling import Marker
from fangxian.faces.cli import drill_copy
from fangxian.systems.drills import services
from fangxian.systems.drills.models import Drill
from fangxian.systems.medical.models import Facility
from fangxian.workflows import drill as story
from tests.functional.test_story import come_in  # noqa: F401  (the fixture)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite_only]
YES = "dialog[open] .btn-primary, dialog[open] .btn-danger"
FACTOR = 90
"""Two hours pass in 80 seconds; the reactions below take a few of them."""


@pytest.fixture
def drill(officer, settings):
    """A township's drill on a patient with fever, with the people who have to react."""
    with scope.everywhere("test data"):
        leader = officer("township_officer", area="410883001", username="lead")
        officer("clinician", username="doctor")
        for one in (leader, type(leader).objects.get(username="doctor")):
            one.password, one.language = Argon2PasswordHasher().encode("correct horse", "salt" * 4), "zh-hans"
            one.save()
        town = Area.objects.get(code="410883001")
        records.create(Facility, by=None, action="test.made", area=town, name="市人民医院发热门诊", kind="FEVER_CLINIC")
        return services.plan(by=leader, area=town, scenario="fever_patient", on=clock.today(), leader=leader)


def made_copy(drill: Drill, folder: Path) -> Path:
    """The copy as `fangxian drill start` makes it, of the database of this test."""
    with scope.everywhere("test"):
        services.start(drill=drill, by=drill.leader, copy_at=str(folder), factor=FACTOR)
    folder.mkdir(mode=0o700)
    with closing(sqlite3.connect(folder / "fangxian.sqlite")) as into:
        connection.ensure_connection()
        connection.connection.backup(into)
    settle(folder / "fangxian.sqlite")
    head = AuditHead.objects.get()
    drilling.write(folder, Marker(str(drill.pk), "村卫生室发热患者", clock.now(), head.seq, head.mac, FACTOR))
    drill_copy.own_keys(folder)
    return folder


def settle(store: Path) -> None:
    """Tests make tables without migrations; the copy's server asks which were run."""
    with override_settings(MIGRATION_MODULES={}):
        nodes = MigrationExecutor(connection).loader.graph.nodes
    with closing(sqlite3.connect(store)) as copy, copy:
        copy.execute("CREATE TABLE IF NOT EXISTS django_migrations "
                     "(id integer PRIMARY KEY AUTOINCREMENT, app varchar, name varchar, applied datetime)")  # fmt: skip
        rows = [(app, name, "2022-01-01") for app, name in nodes]
        copy.executemany("INSERT INTO django_migrations (app, name, applied) VALUES (?, ?, ?)", rows)


@contextmanager
def served(folder: Path):
    """The copy's own server, with its worker."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    known = {name: value for name, value in os.environ.items() if not name.startswith(("FANGXIAN_", "DJANGO_"))}
    arguments = [sys.executable, "-m", "fangxian.faces.cli", "serve", "--data", str(folder), "--port", str(port)]
    with (folder.parent / "serve.log").open("wb") as log:
        server = subprocess.Popen([*arguments, "--quiet"], env=known, stdout=log, stderr=log)
    try:
        wait_for(f"http://127.0.0.1:{port}/accounts/login/", server, folder.parent / "serve.log")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(15)


def wait_for(url: str, server: subprocess.Popen, log: Path) -> None:
    for _try in range(300):
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
        assert server.poll() is None, log.read_text()
    raise AssertionError(log.read_text())


def test_two_hours_of_a_drill_in_a_few_seconds(drill, tmp_path, browser, watch, come_in, log_in, shoot):  # noqa: F811
    copy = made_copy(drill, tmp_path / "copy")
    with served(copy) as url:

        def enter(username: str, phone: bool = False):
            context = browser.new_context(base_url=url, locale="zh-CN")
            context.set_default_timeout(10_000)
            page = context.new_page()
            page.on("console", watch.console)
            log_in(page, username)
            return page

        leader, doctor = enter("lead"), enter("doctor")
        expect(doctor.locator("[data-drill]")).to_contain_text("DRILL · 演练")
        leader.goto("/drills/board/")
        leader.get_by_role("button", name="开始演练").click()
        leader.locator(YES).first.click()
        expect(leader.locator("#reaction-sent_on")).to_contain_text("按时", timeout=30_000)
        shoot(leader, "drill-board")

        doctor.goto("/medical/")
        doctor.get_by_role("link", name="演练人员甲").last.click()
        doctor.get_by_role("button", name="到达").click()

        leader.goto("/my-tasks/")
        call = leader.locator("[id^=task-]", has_text="村医来电")
        leader.wait_for_timeout(500)
        for _try in range(60):
            if call.count():
                break
            leader.wait_for_timeout(300)
            leader.reload()
        call.get_by_role("button", name="已完成").click()
        leader.goto("/drills/board/")
        for key in ("sent_on", "answered", "arrived"):
            expect(leader.locator(f"#reaction-{key}")).to_contain_text("按时")
        leader.get_by_role("button", name="结束演练").click()
        leader.locator(YES).first.click()
        expect(leader.locator("#board")).to_contain_text("演练已结束")
        text = drill_copy.handed_back(copy)

    with scope.everywhere("test"):
        evaluated = story.evaluate(drill=drill, by=drill.leader, text=text)
        assert (evaluated.expected, evaluated.in_time) == (3, 3)
        lasted = evaluated.ended_at - evaluated.begun_at
        assert lasted.total_seconds() > 5 * 60  # minutes of the drill, in seconds of ours
    page = come_in(drill.leader)
    page.goto(f"/drills/{drill.pk}/")
    expect(page.locator("[data-drill]")).to_have_count(0)
    expect(page.locator(".fx-drill-lines")).to_contain_text("村医已得到答复")
    expect(page.locator(".fx-drill-lines")).to_contain_text("提前")
    shoot(page, "drill-evaluation")
    assert drill_copy.wipe(copy)["left"] == 0 and not copy.exists()
