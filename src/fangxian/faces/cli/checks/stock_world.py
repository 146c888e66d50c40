"""The fridges of the stock check: sites, lots, people; what may be done with them, and what may not."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np

from fangxian.core import clock, records
from fangxian.core.areas import Area
from fangxian.core.clock import now, today
from fangxian.registers import site as registers
from fangxian.systems.immunization import selectors, services
from fangxian.systems.immunization.services import Agreed
from fangxian.systems.people import services as people

COUNTY, TOWN, DISEASE, LAST = "410883", "410883001", "covid19", 2
"""`LAST`: how many doses are there when the chairs race."""


@dataclass(frozen=True)
class Act:
    """One step: its name, what is done, and whether it must be refused."""

    name: str
    do: Callable[[], Any]
    is_forbidden: bool = False


@dataclass
class World:
    """Sites, the area, and a counter for names and lot numbers."""

    area: Area
    sites: list[Any]
    made: int = 0

    def next(self) -> int:
        """A number not used before."""
        self.made += 1
        return self.made


def make(area: Area) -> World:
    """Four sites with two lots each: vials of one dose and of five."""
    model = registers.get("immunization.vaccinationsite").model
    sites = [records.create(model, by=None, action="check.site", area=area, name=f"接种点{n}") for n in range(4)]
    world = World(area, sites)
    for site in sites:
        _receive(world, site, 40, 1)
        _receive(world, site, 40, 5)
    return world


def draw(world: World, rng: np.random.Generator) -> Act:
    """The next step, prepared. Half of them give a dose; one in six is something that must be refused."""
    site = world.sites[int(rng.integers(len(world.sites)))]
    lots = [lot for lot in selectors.lots_of(site) if not lot.recalled_at]
    lot = lots[int(rng.integers(len(lots)))]
    luck, doses = rng.random(), int(rng.integers(1, 8))
    if luck < 0.5:
        return _give(world, site, lot)
    if luck < 0.66:
        makers = (_too_much, _to_itself, _expired_in, _elsewhere, _too_late, _of_recalled)
        return makers[int(rng.integers(len(makers)))](world, site, lot)
    other = _other(world, site)
    whole = max(1, doses // lot.doses_per_vial) * lot.doses_per_vial
    acts = [
        Act("receive", lambda: _receive(world, site, 5 * doses, 5 if doses % 2 else 1)),
        Act("open", lambda: services.open_vial(by=None, lot=lot)),
        Act("waste", lambda: services.waste(by=None, lot=lot, doses=doses, reason="BROKEN")),
        Act("send back", lambda: services.send_back(by=None, lot=lot, doses=whole)),
        Act("destroy", lambda: services.destroy(by=None, lot=lot, doses=whole, paper="XH")),
        Act("hand over", lambda: services.hand_over(by=None, lot=lot, to=other, doses=whole)),
        Act("close the day", lambda: services.close_day(by=None, site=site)),
        Act("take a dose back", lambda: _void(world, site, lot)),
        Act("recall", lambda: _recall(world, lot)),
    ]
    return acts[int(rng.choice(len(acts), p=[0.3, 0.05, 0.15, 0.1, 0.05, 0.2, 0.05, 0.08, 0.02]))]


def last_doses(world: World, chairs: int) -> tuple[Any, list[Any]]:
    """A lot of which only `LAST` doses are left, and somebody registered before each chair."""
    site = world.sites[0]
    lot = _receive(world, site, LAST, 1)
    return lot, [_registered(world, site) for _chair in range(chairs)]


def take(visit: Any, lot: Any) -> Any:
    """One dose at one chair."""
    return services.vaccinate(visit=visit, by=None, lot=lot)


def _give(world: World, site: Any, lot: Any) -> Act:
    visit = _registered(world, site)
    return Act("give", lambda: take(visit, lot))


def _too_much(world: World, site: Any, lot: Any) -> Act:
    much, other = lot.left + 1, _other(world, site)
    ways: list[Callable[[], Any]] = [
        lambda: services.waste(by=None, lot=lot, doses=much, reason="WARM"),
        lambda: services.send_back(by=None, lot=lot, doses=much),
        lambda: services.hand_over(by=None, lot=lot, to=other, doses=much),
    ]
    return Act("move more than there is", ways[world.next() % len(ways)], True)


def _to_itself(world: World, site: Any, lot: Any) -> Act:
    return Act("hand over to itself", lambda: services.hand_over(by=None, lot=lot, to=site, doses=1), True)


def _expired_in(world: World, site: Any, lot: Any) -> Act:
    return Act("receive an expired lot", lambda: _receive(world, site, 5, 5, days=-1), True)


def _elsewhere(world: World, site: Any, lot: Any) -> Act:
    visit = _registered(world, _other(world, site))
    return Act("give another site's lot", lambda: take(visit, lot), True)


def _too_late(world: World, site: Any, lot: Any) -> Act:
    later = now() + timedelta(days=400)
    with clock.frozen(later):
        visit = _registered(world, site)

    def give() -> Any:
        with clock.frozen(later):
            return take(visit, lot)

    return Act("give an expired dose", give, True)


def _of_recalled(world: World, site: Any, lot: Any) -> Act:
    recalled, visit = _receive(world, site, 5, 1), _registered(world, site)
    services.recall(by=None, vaccine=recalled.vaccine, number=recalled.number, reason="抽检不合格")
    return Act("give of a recalled lot", lambda: take(visit, recalled), True)


def _other(world: World, site: Any) -> Any:
    return world.sites[(world.sites.index(site) + 1) % len(world.sites)]


def _receive(world: World, site: Any, doses: int, vial: int, days: int = 300) -> Any:
    number = f"L{world.next():05d}"
    return services.receive(by=None, site=site, disease=DISEASE, vaccine="inactivated", number=number, doses=doses,
                            doses_per_vial=vial, expires_on=today() + timedelta(days=days))  # fmt: skip


def _registered(world: World, site: Any) -> Any:
    person = people.add_person(by=None, area=world.area, name=f"甲{world.next()}", id_type="NONE",
                               birth_date=today() - timedelta(days=12_000))  # fmt: skip
    visit = services.arrive(by=None, site=site, person=person, disease=DISEASE)
    return services.register(visit=visit, by=None, vaccine="inactivated", agreed=Agreed("SELF"))


def _void(world: World, site: Any, lot: Any) -> Any:
    """The last dose that was given was entered for the wrong person; before any was, one is given first."""
    given = registers.get("immunization.dose").model.objects.filter(state="VALID", lot__isnull=False)
    dose = given.order_by("pk").last() or take(_registered(world, site), lot)
    return services.void(dose=dose, by=None, reason="录错人")


def _recall(world: World, lot: Any) -> Any:
    done = services.recall(by=None, vaccine=lot.vaccine, number=lot.number, reason="抽检不合格")
    for site in world.sites:  # nobody is left without a lot
        if all(one.recalled_at for one in selectors.lots_of(site)):
            _receive(world, site, 20, 1)
    return done
