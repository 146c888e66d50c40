"""Every test that takes `register` runs for each register of the site."""

import pytest

from fangxian.core.areas import Area
from fangxian.core.permissions import Permission
from fangxian.core.roles import ROLES
from tests.registers.walked import walked


def pytest_generate_tests(metafunc):
    if "register" in metafunc.fixturenames:
        metafunc.parametrize("register", walked(metafunc.config), ids=lambda register: register.slug)


@pytest.fixture
def here(county) -> Area:
    return Area.objects.get(code="410883001212")


@pytest.fixture
def there(county) -> Area:
    return Area.objects.get(code="410882001201")


@pytest.fixture
def holder(officer):
    """Factory: an officer of 孟州市 whose post carries a right, or None when no role has it."""

    def find(right: Permission | None, area: str = "410883"):
        roles = [key for key, role in ROLES.items() if right in role.permissions]
        return officer(roles[0], area=area) if roles else None

    return find


@pytest.fixture
def stranger(officer):
    """An officer of the county without any right in registers."""
    return officer("audit_admin")
