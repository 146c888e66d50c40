"""The stores of the supplies check: stores, officers of both sides; what may be done with them, and what may not."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import numpy as np
from django.apps import apps

from fangxian.core import records
from fangxian.core.areas import Area
from fangxian.core.clock import now, today
from fangxian.core.officers import Officer, appoint
from fangxian.registers import site as registers
from fangxian.systems.supplies import services

COUNTY, LAST = "410883", 2
"""`LAST`: how many boxes are there when the hands race."""
ITEMS = ("SUIT", "SWAB", "N95")


@dataclass(frozen=True)
class Act:
    """One step: its name, what is done, and whether it must be refused."""

    name: str
    do: Callable[[], Any]
    is_forbidden: bool = False


@dataclass
class World:
    """Two stores of the county and two of townships, the keeper, the leader of each store's area, requests made."""

    stores: list[Any]
    keeper: Officer
    leaders: list[Officer]
    asked: list[Any] = field(default_factory=list)


def make() -> World:
    """Four stores with something in them, a keeper, and a leader for each side."""
    towns = list(Area.objects.filter(parent_id=COUNTY).order_by("code")[:2])
    county = Area.objects.get(code=COUNTY)
    keeper = _officer("keeper", "store_keeper", county)
    chief = _officer("chief", "duty_officer", county)
    leaders = [chief, chief, *(_officer(f"leader{n}", "township_officer", town) for n, town in enumerate(towns))]
    model = registers.get("supplies.store").model
    stores = [
        records.create(
            model, by=None, action="check.store", area=area, name=f"储备点{n}", keeper=keeper if n < 2 else None
        )
        for n, area in enumerate((county, county, *towns))
    ]
    for store in stores:
        for item in ITEMS:
            services.receive(by=None, store=store, item=item, quantity=60, lot="A", expires_on=today() + timedelta(90))
            services.receive(by=None, store=store, item=item, quantity=40, lot="B", expires_on=today() + timedelta(2))
    return World(stores, keeper, leaders)


def draw(world: World, rng: np.random.Generator) -> Act:
    """The next step: a third are steps of requests, one in six is something that must be refused."""
    number = int(rng.integers(len(world.stores)))
    store, item, many = world.stores[number], ITEMS[int(rng.integers(len(ITEMS)))], int(rng.integers(1, 30))
    luck = rng.random()
    if luck < 0.4:
        return _of_requests(world, rng, number, item, many)
    if luck < 0.56:
        return _forbidden(world, rng, number, item)
    other = world.stores[(number + 1 + int(rng.integers(3))) % 4]
    lot = "AB"[int(rng.integers(2))]
    acts = [
        Act("take in", lambda: services.receive(by=None, store=store, item=item, quantity=many, lot=f"N{many % 5}")),
        Act("use", lambda: services.use(by=None, store=store, item=item, quantity=many)),
        Act("give out", lambda: services.use(by=None, store=store, item=item, quantity=many, kind="OUT")),
        Act("write off", lambda: services.waste(by=None, store=store, item=item, quantity=many, note="破损", lot=lot)),
        Act("count", lambda: services.count(by=None, store=store, item=item, quantity=many, lot=lot)),
        Act("transfer", lambda: services.transfer(by=None, from_store=store, to_store=other, item=item, quantity=many)),
    ]
    return acts[int(rng.choice(len(acts), p=[0.34, 0.22, 0.06, 0.1, 0.1, 0.18]))]


def balances() -> dict[tuple[Any, str, str], int]:
    """What each store says it has."""
    rows = apps.get_model("supplies.stock").objects.values_list("store_id", "item", "lot", "quantity")
    return {(store, item, lot): n for store, item, lot, n in rows}


def amounts() -> list[tuple[Any, ...]]:
    """What each line of each request says."""
    rows = apps.get_model("supplies.requestline").objects.order_by("pk")
    return list(rows.values_list("pk", "asked", "agreed", "sent", "received"))


def last_boxes(world: World) -> tuple[Any, str]:
    """A store and an item of which only `LAST` are left."""
    store = world.stores[0]
    services.receive(by=None, store=store, item="ANTIGEN", quantity=LAST)
    return store, "ANTIGEN"


def take(store: Any, item: str) -> Any:
    """One box."""
    return services.use(by=None, store=store, item=item, quantity=1)


def _of_requests(world: World, rng: np.random.Generator, number: int, item: str, many: int) -> Act:
    open_ = [one for one in map(_fresh, world.asked) if one.state in ("ASKED", "AGREED", "SENT", "RECEIVED")]
    if not open_ or rng.random() < 0.25:
        return Act("ask", lambda: _ask(world, 2 + number % 2, number % 2, item, many))
    one = open_[int(rng.integers(len(open_)))]
    if one.state == "ASKED":
        return Act("agree", lambda: services.agree(request=one, by=world.keeper, items={_item(one): max(1, many // 2)}))
    if one.state == "AGREED":
        if rng.random() < 0.1:
            return Act("cancel", lambda: services.cancel(request=one, by=_leader(world, one), reason="已自筹"))
        return Act("dispatch", lambda: services.dispatch(request=one, by=world.keeper))
    if one.state == "SENT":
        short = int(rng.integers(2))
        came = {line.item: max(line.sent - short, 0) for line in one.lines.all()}
        return Act("receive", lambda: services.take_in(request=one, by=_leader(world, one), items=came))
    return Act("settle", lambda: services.settle(request=one, by=world.keeper, reason="途中破损"))


def _forbidden(world: World, rng: np.random.Generator, number: int, item: str) -> Act:
    store = world.stores[number]
    much = sum(n for (at, what, _lot), n in balances().items() if (at, what) == (store.pk, item)) + 1
    other = world.stores[(number + 1) % 4]
    gone = today() - timedelta(days=1)
    acts = [
        Act("use more than there is", lambda: services.use(by=None, store=store, item=item, quantity=much), True),
        Act("write off more than there is",
            lambda: services.waste(by=None, store=store, item=item, quantity=much, note="破损"), True),
        Act("send more than there is",
            lambda: services.transfer(by=None, from_store=store, to_store=other, item=item, quantity=much), True),
        Act("send it to itself",
            lambda: services.transfer(by=None, from_store=store, to_store=store, item=item, quantity=1), True),
        Act("take in what has expired",
            lambda: services.receive(by=None, store=store, item=item, quantity=1, expires_on=gone), True),
        Act("write off without a reason",
            lambda: services.waste(by=None, store=store, item=item, quantity=1, note=""), True),
        Act("count for tomorrow", lambda: services.count(by=None, store=store, item=item, quantity=1,
                                                         moved_at=now() + timedelta(days=1)), True),
        *_forbidden_of_requests(world),
    ]  # fmt: skip
    return acts[int(rng.integers(len(acts)))]


def _forbidden_of_requests(world: World) -> list[Act]:
    """The other side's step, one officer for both sides, more than was sent."""
    found = [_fresh(one) for one in world.asked]
    acts = []
    for one in found:
        leader = _leader(world, one)
        if one.state == "ASKED":
            acts.append(Act("agree for both", lambda one=one, by=leader: services.agree(request=one, by=by), True))
        if one.state == "AGREED":
            acts.append(
                Act("send for the giver", lambda one=one, by=leader: services.dispatch(request=one, by=by), True)
            )
        if one.state == "SENT":
            much = {_item(one): one.lines.first().sent + 1}
            acts.append(Act("take in more than was sent",
                            lambda one=one, by=leader, much=much: services.take_in(request=one, by=by, items=much),
                            True))  # fmt: skip
        if one.state in ("CLOSED", "CANCELLED"):
            acts.append(Act("agree at the end", lambda one=one: services.agree(request=one, by=world.keeper), True))
    return acts[-6:]


def _ask(world: World, to: int, of: int, item: str, many: int) -> Any:
    made = services.ask(by=world.leaders[to], to_store=world.stores[to], from_store=world.stores[of],
                        items={item: many}, reason="补充")  # fmt: skip
    world.asked.append(made)
    return made


def _leader(world: World, one: Any) -> Officer:
    return next(by for store, by in zip(world.stores, world.leaders, strict=True) if store.pk == one.to_store_id)


def _item(one: Any) -> str:
    return one.lines.first().item


def _fresh(one: Any) -> Any:
    return type(one).objects.select_related("from_store", "to_store").get(pk=one.pk)


def _officer(username: str, role: str, area: Area) -> Officer:
    made = Officer.objects.create_officer(f"check-{username}", name=username)
    appoint(made, role=role, area=area, by=None)
    return made
