"""The register of medicine sales equals the tills: every sale once, every total the same, whichever way it came in.

Three days of tills are known beforehand (`ledger_till.py`) and brought in by the clerk's own page, by files and through
the interface, many of them twice; then the tills tell their totals, one of them stays silent. The control takes one
line out of the register and moves one total: the reconciliation must name both.
"""

import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from time import perf_counter
from typing import Any

import numpy as np
from django.db.models import F
from django.test import Client
from django.urls import reverse

from fangxian.core import clock, jobs, modes, records, scope
from fangxian.core.areas import Area
from fangxian.core.clock import now, today
from fangxian.core.modes import OperatingMode
from fangxian.core.officers import Officer, Post, appoint
from fangxian.faces.api import models as api
from fangxian.faces.cli import first_start
from fangxian.faces.cli.checks.ledger_till import API, BAD, CODES, FILE, PAGE, Receipt, Truth, imagine
from fangxian.faces.cli.output import Advance
from fangxian.registers import imports, site
from fangxian.registers.ledger import Ledger
from fangxian.registers.sheets import Table
from fangxian.systems.pharmacies import selectors, services, signal

CallBack, Clerk, Pharmacy, Product, Sale, SaleLine, TillTotal = (
    site.get(f"pharmacies.{name}").model
    for name in ("callback", "clerk", "pharmacy", "product", "sale", "saleline", "tilltotal")
)
Finding = site.get("inspection.finding").model
COUNTY, TOWN = "410883", "410883001"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
SALES, TOTALS = "pharmacies.sale", "pharmacies.tilltotal"
WHY = "the check looks at the whole register"
PART = 400
HEADINGS = ["area", "pharmacy", "receipt", "sold_at", "items", "name", "id_number", "phone", "temperature"]


@dataclass
class Report:
    """What was brought in, and every way in which the register differs from the tills."""

    receipts: int = 0
    sent: int = 0
    refused: int = 0
    refused_wrong: int = 0
    missing: int = 0
    doubled: int = 0
    differ: int = 0
    wrong_missed: int = 0
    calls_wrong: int = 0
    people_wrong: int = 0
    silent: int = 0
    control: int = 0
    seconds: float = 0
    findings: list[str] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """0 when sales were brought in, nothing differs, the silent till was seen and the control was found."""
        wrong = (self.missing, self.doubled, self.differ, self.refused_wrong, self.wrong_missed, self.calls_wrong,
                 self.people_wrong, *self.findings)  # fmt: skip
        return 0 if self.receipts and not any(wrong) and self.silent == 1 and self.control == 2 else 1

    def line(self) -> str:
        """The last line, for machines."""
        return (
            f"promise=P1 receipts={self.receipts} sent={self.sent} refused={self.refused} missing={self.missing} "
            f"doubled={self.doubled} differ={self.differ} refused_wrong={self.refused_wrong} "
            f"wrong_missed={self.wrong_missed} calls_wrong={self.calls_wrong} people_wrong={self.people_wrong} "
            f"silent={self.silent} control={self.control}/2 seconds={self.seconds:.1f}"
        )


@dataclass
class Shops:
    """The pharmacies of the check, their clerks, and the tokens of their tills."""

    houses: list[Pharmacy]
    clerks: list[Officer]
    tokens: list[str]


def run(receipts: int, pharmacies: int, seed: int, advance: Advance) -> Report:
    """Bring everything in, let the tills tell, compare, then damage the register and compare again."""
    first_start.plant(COUNTY)
    shops = _shops(pharmacies)
    truth = imagine(np.random.default_rng(seed), receipts, pharmacies, selectors.bounds(today())[0])
    report, started = Report(receipts=len(truth.kept())), perf_counter()
    _by_page(report, shops, truth, advance)
    for again in (False, True):  # the second time what was told before, file or interface
        for way in (FILE, API):
            _by_rows(report, shops, truth, way, again=again, advance=advance)
    _take_back(shops, truth)
    _totals(shops, truth)
    while jobs.run_pending():
        pass
    report.seconds = perf_counter() - started
    with scope.everywhere(WHY):
        _compare(report, shops, truth)
        _control(report, shops, truth)
    return report


def _shops(count: int) -> Shops:
    """Pharmacies under alert, each with its products, a clerk and a token of its till."""
    area = Area.objects.get(code=TOWN)
    shops = Shops([], [], [])
    with scope.everywhere(WHY):
        made: dict[str, Any] = {"by": None, "action": "check.made", "area": area}
        records.create(OperatingMode, mode="alert", from_at=_first(), declared_at=_first(), reason="check",
                       basis="check", state=OperatingMode.State.DECLARED, **made)  # fmt: skip
        modes.forget()
        for number in range(count):
            house = records.create(Pharmacy, name=f"药店{number + 1}", **made)
            for code, (name, drug) in CODES.items():
                records.create(Product, pharmacy=house, code=code, name=name, drug=drug, **made)
            clerk = Officer.objects.create_officer(f"clerk{number}", name=f"clerk{number}")
            post = appoint(clerk, role="pharmacy_clerk", area=area, by=None)
            records.create(Clerk, pharmacy=house, officer=clerk, valid_from=_first().date(), **made)
            Post.objects.filter(pk=post.pk).update(valid_from=_first().date())
            shops.houses.append(house)
            shops.clerks.append(clerk)
            shops.tokens.append(api.issue(post, name="till", expires_at=now() + timedelta(days=1), by=None)[1])
    return shops


def _first():
    """A moment before the first sale of the check."""
    return selectors.bounds(date.fromordinal(today().toordinal() - 4))[0]


def _by_page(report: Report, shops: Shops, truth: Truth, advance: Advance) -> None:
    """Clerks ring them up at the moment they were sold."""
    mine = [one for one in truth.receipts if one.way == PAGE]
    codes = {(house.pk, code): pk for house in shops.houses for code, pk in _codes(house).items()}
    for number, one in enumerate(sorted(mine, key=lambda one: one.at), start=1):
        house, said = shops.houses[one.pharmacy], truth.people[one.buyer or 0]
        form = {**said, "receipt": one.number, "temperature": one.temperature}
        form |= {f"q-{codes[house.pk, code]}": count for code, count in one.basket.items()}
        client, address = Client(headers={"host": "localhost"}), reverse("till", args=[house.pk])
        with clock.frozen(one.at):
            client.force_login(shops.clerks[one.pharmacy], backend=BACKEND)
            answer = client.post(address, form)
        if answer.status_code != 302 or answer.url != address:
            report.findings.append(f"the till refused receipt {one.number} ({answer.status_code})")
        advance(number, len(mine), "tills")
    report.sent += len(mine)


def _codes(house: Pharmacy) -> dict[str, Any]:
    with scope.everywhere(WHY):
        return dict(Product.objects.filter(pharmacy=house).values_list("code", "pk"))


def _by_rows(report: Report, shops: Shops, truth: Truth, way: str, *, again: bool, advance: Advance) -> None:
    """Receipts as rows: those of one way, and with `again` those that came the other way before."""
    for number, house in enumerate(shops.houses):
        rows = [one for one in truth.receipts if one.pharmacy == number and one.way in (FILE, API)]
        rows = [one for one in rows if (one.twice if again else one.way == way)]
        for start in range(0, len(rows), PART):
            _send(report, shops, truth, house, rows[start : start + PART], way)
        advance(number + 1, len(shops.houses), way)


def _send(report: Report, shops: Shops, truth: Truth, house: Pharmacy, rows: list[Receipt], way: str) -> None:
    cells = [_cells(one, house, truth) for one in rows]
    number = shops.houses.index(house)
    report.sent += len(rows)
    if way == FILE:
        register = site.get(SALES)
        with register.scope(shops.clerks[number], "import"):
            ledger = imports.run(register, Table(HEADINGS, cells), by=shops.clerks[number])
        _account(report, rows, ledger.as_dict(), first=2)
        return
    body = {"rows": [dict(zip(HEADINGS, row, strict=True)) for row in cells]}
    for _twice in range(2):  # a caller that lost the answer calls again with its key
        answer = Client(headers={"host": "localhost"}).post(
            f"/api/registers/{SALES}/bulk", json.dumps(body), content_type="application/json",
            headers={"authorization": f"Bearer {shops.tokens[number]}",
                     "idempotency-key": f"check-{rows[0].pharmacy}-{rows[0].number}-{len(rows)}"},
        )  # fmt: skip
    if answer.status_code != 200:
        report.findings.append(f"a bulk call was answered with {answer.status_code}: {answer.content[:200]!r}")
        return
    _account(report, rows, answer.json(), first=1)


def _cells(one: Receipt, house: Pharmacy, truth: Truth) -> list[str]:
    said = truth.people[one.buyer] if one.buyer is not None else {}
    row = {
        "area": TOWN, "pharmacy": str(house.pk), "receipt": one.number, "sold_at": one.at.strftime("%Y-%m-%d %H:%M"),
        "items": one.items, "temperature": one.temperature, **said,
    }  # fmt: skip
    row |= {
        "unknown code": {"items": "X9*1"}, "nothing rung up": {"items": " ; "},
        "moment yet to come": {"sold_at": "2199-01-01 08:00"}, "phone of letters": {"phone": "无手机"},
        "card mistyped": {"name": "某人", "id_number": "41088319900101000Y"},
    }.get(one.bad, {})  # fmt: skip
    return [row.get(name, "") for name in HEADINGS]


def _account(report: Report, rows: list[Receipt], ledger: dict[str, Any], first: int) -> None:
    """The ledger of an import says of every row what is true of it."""
    told = {(reject["row"] - first, reject["field"]) for reject in ledger["rejects"]}
    wanted = {(number, BAD[one.bad]) for number, one in enumerate(rows) if one.bad}
    report.refused += len({row for row, _field in told})
    report.refused_wrong += len(told ^ wanted)
    if not Ledger(**{name: ledger[name] for name in ("rows", "inserted", "updated", "unchanged", "duplicate", "blank")},
                  rejects=[_Row(row) for row, _field in told]).balanced:  # fmt: skip
        report.findings.append("the ledger of an import does not add up")


@dataclass(frozen=True)
class _Row:
    row: int


def _take_back(shops: Shops, truth: Truth) -> None:
    with scope.everywhere(WHY):
        for one in truth.kept():
            if one.taken_back:
                sale = Sale.objects.get(pharmacy=shops.houses[one.pharmacy], receipt=one.number)
                services.take_back(sale=sale, by=shops.clerks[one.pharmacy], reason="brought back")


def _totals(shops: Shops, truth: Truth) -> None:
    """Every till but one tells what it counted, as a sheet."""
    told = truth.totals()
    register = site.get(TOTALS)
    for number, house in enumerate(shops.houses):
        if number == truth.silent:
            continue
        rows = [[TOWN, str(house.pk), day.isoformat(), code, count]
                for (pharmacy, day, code), count in told.items() if pharmacy == number]  # fmt: skip
        with register.scope(shops.clerks[number], "import"):
            ledger = imports.run(register, Table(["area", "pharmacy", "day", "code", "quantity"], rows),
                                 by=shops.clerks[number])  # fmt: skip
        if ledger.rejected:
            raise RuntimeError(f"a till's totals were not taken: {ledger.rejects[:1]}")


def _compare(report: Report, shops: Shops, truth: Truth) -> None:
    """Receipts, totals, violations, call-backs and people against what is true."""
    wanted = Counter(one.key for one in truth.kept())
    stored = Counter((shops.houses.index(sale.pharmacy), sale.receipt)
                     for sale in Sale.objects.select_related("pharmacy"))  # fmt: skip
    report.missing = sum((wanted - stored).values())
    report.doubled = sum((stored - wanted).values())
    report.differ = len(_differences(shops, truth))
    report.wrong_missed = len(_wrong(shops) ^ truth.violations())
    calls = {(call.person.id_number.reveal(), call.day) for call in CallBack.objects.select_related("person")}
    report.calls_wrong = len(calls ^ {(truth.people[who]["id_number"], day) for who, day in truth.calls()})
    buyers = {one.buyer for one in truth.kept() if one.buyer is not None}
    report.people_wrong = abs(Sale.objects.exclude(person=None).values("person").distinct().count() - len(buyers))
    yesterday = max(one.day for one in truth.kept())
    TillTotal.objects.filter(pharmacy=shops.houses[truth.silent]).delete()
    SaleLine.objects.filter(pharmacy=shops.houses[truth.silent], day=yesterday).delete()
    with clock.frozen(now() + timedelta(days=1)):  # whatever the hour: by then every pharmacy should have spoken
        report.silent = len(signal.silent(COUNTY, yesterday))


def _wrong(shops: Shops) -> set[tuple[int, str]]:
    """Violations that are findings as well."""
    rows = Sale.objects.exclude(wrong="").filter(pk__in=Finding.objects.values("pk")).select_related("pharmacy")
    return {(shops.houses.index(sale.pharmacy), sale.receipt) for sale in rows}


def _differences(shops: Shops, truth: Truth) -> list[tuple[str, date, str]]:
    """Every product of a day that the reconciliation does not call equal, the silent till apart."""
    days = {one.day for one in truth.kept()}
    return [
        (house.name, day, row.product.code)
        for number, house in enumerate(shops.houses) if number != truth.silent
        for day in days
        for row in selectors.reconcile(house, day)
        if row.verdict != selectors.AGREES
    ]  # fmt: skip


def _control(report: Report, shops: Shops, truth: Truth) -> None:
    """One line less in the register, one package more on a till: both have to be named, and nothing else."""
    line = SaleLine.objects.filter(pharmacy=shops.houses[0], is_void=False).order_by("pk").first()
    total = TillTotal.objects.exclude(product=line.product).filter(pharmacy=shops.houses[0]).order_by("pk").first()
    harmed = {(shops.houses[0].name, line.day, line.product.code), (shops.houses[0].name, total.day, total.code)}
    SaleLine.unscoped.filter(pk=line.pk).delete()
    TillTotal.unscoped.filter(pk=total.pk).update(quantity=F("quantity") + 1)
    report.control = len(harmed & set(_differences(shops, truth)))
