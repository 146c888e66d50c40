"""A pharmacy with four products, another one beside it, and a ladder the test sets."""

from collections.abc import Callable
from textwrap import dedent

import pytest

from fangxian.core import policy, records, scope
from fangxian.core.areas import Area
from fangxian.systems.pharmacies.models import Clerk, Pharmacy, Product

STOCK = (("B1", "布洛芬缓释胶囊", "FEVER"), ("K1", "急支止咳糖浆", "COUGH"), ("V1", "连花清瘟胶囊", "ANTIVIRAL"),
         ("N1", "创可贴", "OTHER"))  # fmt: skip


@pytest.fixture
def town(county) -> Area:
    return Area.objects.get(code="410883001")


@pytest.fixture
def pharmacy(town) -> Pharmacy:
    return opened(town, "怀庆大药房")


@pytest.fixture
def other(town) -> Pharmacy:
    return opened(town, "百姓堂药店")


def opened(area: Area, name: str, **values) -> Pharmacy:
    """A pharmacy with its products."""
    with scope.everywhere("test data"):
        house = records.create(Pharmacy, by=None, action="test.made", area=area, name=name, **values)
        for code, called, drug in STOCK:
            records.create(Product, by=None, action="test.made", area=area, pharmacy=house, code=code, name=called,
                           drug=drug)  # fmt: skip
    return house


@pytest.fixture
def clerk(officer, pharmacy):
    """A clerk of the pharmacy, with a post in its township."""
    made = officer("pharmacy_clerk", area="410883001")
    with scope.everywhere("test data"):
        records.create(Clerk, by=None, action="test.made", area=pharmacy.area, pharmacy=pharmacy, officer=made)
    return made


@pytest.fixture
def ladder(tmp_path) -> Callable[..., None]:
    """Sets the step of classes by an operator's pack: `ladder(FEVER="STOPPED")`; the others are free."""

    def step(area: str = "*", **steps: str) -> None:
        said = ", ".join(f"{drug}: {stage}" for drug, stage in steps.items())
        (tmp_path / "ours.yaml").write_text(
            dedent(f"""
            pack: our-ladder
            disease: "*"
            level: general
            area: "{area}"
            name: {{zh: 本地, en: Ours}}
            valid_from: 2020-01-01
            rules:
              - key: pharmacy.ladder
                value: "as the test says"
                data: {{{said}}}
                source: "test"
                confidence: local
            """)
        )
        policy.configure(tmp_path)

    yield step
    policy.configure(None)
