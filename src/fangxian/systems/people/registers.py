"""The ledgers of people: households and the persons in them."""

from fangxian.core.records import Source
from fangxian.registers import Column, Register
from fangxian.systems.people import calls_registers, derived, matched_registers, services
from fangxian.systems.people.models import Household, Person

__all__ = ["HouseholdRegister", "PersonRegister", "calls_registers", "matched_registers"]


class HouseholdRegister(Register):
    """Who lives together, under which number of the grid cell."""

    model = Household
    columns = ("number", "area", "address")
    search = ("number",)
    form = ("area", "number", "address")
    key = ("area", "number")
    permission = "people"
    icon = "home"

    def write(self, *, by, values, record=None, base_version=None, source=Source.WEB):
        """Through the verbs of the system."""
        if record is None:
            return services.add_household(by=by, source=source, **values)
        return services.change_household(household=record, by=by, base_version=base_version, **values)


class PersonRegister(Register):
    """Everybody who lives in, works in or came to the area: entered once, used by every other ledger."""

    model = Person
    columns = (
        "name", "sex", "birth_date", "id_number", "phone", Column("household", sort=""), "area", "occupation",
        "left_on",
    )  # fmt: skip
    filters = ("sex", "id_type")
    search = ("name", "initials")
    search_exact = ("id_number", "phone")
    form = (
        "area", "name", "id_type", "id_number", "phone", "sex", "birth_date", "household", "address", "occupation",
        "workplace", "left_on",
    )  # fmt: skip
    key = ("id_number",)
    permission = "people"
    icon = "users"
    synonyms = {
        "sex": {"m": "MALE", "f": "FEMALE", "男性": "MALE", "女性": "FEMALE", "未知": "UNKNOWN"},
        "id_type": {"身份证": "RESIDENT", "二代身份证": "RESIDENT", "港澳台居住证": "PERMIT", "永久居留证": "FOREIGN"},
    }
    exempt = {
        "initials": "follows from the name; searched together with it",
        "merged_into": "an entry merged into another stands for nobody and is in no list",
    }

    def clean_row(self, values: dict) -> dict:
        """One spelling of numbers, sex and birth date from the number, initials from the name."""
        return derived.complete(values)

    def write(self, *, by, values, record=None, base_version=None, source=Source.WEB):
        """Through the verbs of the system."""
        if record is None:
            return services.add_person(by=by, source=source, **values)
        return services.change_person(person=record, by=by, base_version=base_version, **values)
