"""`python -m bench.registers [--persons N]`: a table and one line; fails when a page needs more than 120 ms CPU."""

import argparse
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

LIMIT_MS, ROUNDS = 120, 15


def main() -> int:
    """Build the store in a temporary folder, measure, remove it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--persons", type=int, default=1_000_000)
    parser.add_argument("--report", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="fangxian-bench-") as folder:
        start(Path(folder))
        lines = measure(options.persons)
    print("\n".join(lines))
    if options.report:
        options.report.write_text("\n".join(["# List pages over a million people", "", *lines, ""]), encoding="utf-8")
    return 0 if "over_limit=0" in lines[-1] else 1


def start(folder: Path) -> None:
    """A fresh installation: its own keys and SQLite file, with the durability of the real one."""
    import django

    from fangxian.core.keys import KeyRing

    (folder / "data").mkdir()
    KeyRing.create(folder / "keys.json")
    os.environ.update(
        FANGXIAN_DATA=str(folder / "data"),
        FANGXIAN_KEYS=str(folder / "keys.json"),
        DJANGO_SETTINGS_MODULE="fangxian.config.settings",
    )
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def measure(persons: int) -> list[str]:
    """Fill, then render each page ROUNDS times; CPU of this process (server and store are one)."""
    from bench.registers.people import fill

    began = time.process_time()
    number = fill(persons)
    filled = time.process_time() - began
    client = officer_client()
    rows = [(name, *page_cost(client, query)) for name, query in pages(number).items()]
    over = sum(median > LIMIT_MS for _name, _queries, median, _worst, _hits in rows)
    table = ["| page | queries | CPU ms (median) | CPU ms (worst) | rows shown |", "|---|--:|--:|--:|--:|"]
    table += [
        f"| {name} | {queries} | {median:.0f} | {worst:.0f} | {hits} |" for name, queries, median, worst, hits in rows
    ]
    worst = max(median for _n, _q, median, _w, _h in rows)
    return [
        f"{persons:,} people on SQLite, filled in {filled:.0f} s CPU; {ROUNDS} requests a page, whole page rendered.",
        "", *table, "",
        f"bench=registers persons={persons} pages={len(rows)} worst_median_ms={worst:.0f} over_limit={over}",
    ]  # fmt: skip


def officer_client():
    """A signed-in duty officer of the prefecture, second factor done."""
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
    from django.test import Client

    from fangxian.core.areas import Area
    from fangxian.core.officers import Officer, appoint

    officer = Officer.objects.create_officer("bench", name="bench", password="bench bench bench")
    appoint(officer, role="duty_officer", area=Area.objects.get(code="4108"), by=None)
    TOTP.activate(officer, generate_totp_secret())
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(officer, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def pages(number: str) -> dict[str, dict]:
    """The lists an officer opens all day."""
    return {
        "first page": {},
        "exact identity number": {"q": number},
        "town scope": {"area": "410883001"},
        "village scope": {"area": "410883001212"},
        "filtered within a county": {"area": "410883", "sex": "FEMALE"},
        "filtered, whole prefecture": {"sex": "FEMALE"},
        "name prefix within a county": {"area": "410883", "q": "张伟"},
        "surname, whole prefecture": {"q": "张"},
        "pinyin initials": {"q": "zw"},
        "page 400": {"page": 400},
    }


def page_cost(client, query: dict) -> tuple[int, float, float, int]:
    """Queries, median and worst CPU ms, rows shown."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    url = "/registers/people.person/"
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(url, query)
    queries = len(captured.captured_queries)  # read at once: the next request empties the log
    assert answer.status_code == 200, answer.status_code
    spent = []
    for _round in range(ROUNDS):
        began = time.process_time()
        client.get(url, query)
        spent.append((time.process_time() - began) * 1000)
    hits = answer.content.decode().split("<tbody", 1)[-1].count("<tr>")
    return queries, statistics.median(spent), max(spent), hits


if __name__ == "__main__":
    sys.exit(main())
