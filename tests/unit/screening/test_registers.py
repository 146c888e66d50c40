"""The ledger of places."""

import pytest
from django.core.exceptions import ValidationError

from fangxian.registers import site


def test_a_place_is_entered_and_changed_in_one_spelling(county, everywhere):
    register = site.get("screening.place")
    values = {"area": county, "code": "m1", "name": "Noodles", "kind": "RESTAURANT", "phone": "138 0000 1234"}

    place = register.write(by=None, values=register.clean_row(values))
    changed = register.write(by=None, values=register.clean_row({"code": "m2"}), record=place, base_version=1)

    assert (place.code, place.phone.reveal(), changed.code) == ("M1", "13800001234", "M2")
    with pytest.raises(ValidationError):
        register.clean_row({**values, "credit_code": "1"})
