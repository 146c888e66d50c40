"""A site with a fridge, a grown-up, a child, and a way to bring somebody through the stations."""

from datetime import date

import pytest

from fangxian.core import records, scope
from fangxian.core.areas import Area
from fangxian.systems.immunization import services
from fangxian.systems.immunization.models import VaccinationSite
from fangxian.systems.immunization.services import Agreed
from fangxian.systems.people import services as people

DISEASE = "covid19"


@pytest.fixture
def town(county):
    with scope.everywhere("test data"):
        yield Area.objects.get(code="410883001")


@pytest.fixture
def site(town):
    return made_site(town, "大定街道接种点")


@pytest.fixture
def lot(site):
    return fill(site)


@pytest.fixture
def person(town):
    return somebody(town)


@pytest.fixture
def child(town):
    return somebody(town, "王小宝", date(2015, 6, 1))


def made_site(area, name, **values):
    return records.create(VaccinationSite, by=None, action="immunization.site.added", area=area, name=name, **values)


def fill(site, number="BJ2021110301", doses=20, vaccine="inactivated", expires_on=date(2022, 12, 31), **values):
    return services.receive(by=None, site=site, disease=DISEASE, vaccine=vaccine, number=number, doses=doses,
                            expires_on=expires_on, **values)  # fmt: skip


def somebody(area, name="王建国", born=date(1980, 2, 3), **values):
    return people.add_person(by=None, area=area, name=name, birth_date=born, id_type="NONE", **values)


def registered(site, person, by=None, **values):
    visit = services.arrive(by=by, site=site, person=person, disease=DISEASE)
    values.setdefault("agreed", Agreed("SELF"))
    return services.register(visit=visit, by=by, vaccine="inactivated", **values)


def vaccinated(site, person, lot, by=None):
    return services.vaccinate(visit=registered(site, person, by), by=by, lot=lot)
