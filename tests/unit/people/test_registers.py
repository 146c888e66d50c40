"""The ledgers of people, through the same door as form, sheet and interface."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from fangxian.core import audit
from fangxian.registers import imports, site
from fangxian.registers.sheets import Table
from fangxian.systems.people.models import Person
from tests.unit.people.conftest import CELL, id_number

HEAD = ["area", "name", "id_type", "id_number", "phone"]


def sheet(*rows):
    return imports.run(site.get("people.person"), Table(HEAD, [list(row) for row in rows]), by=None)


def test_a_sheet_derives_and_knows_people_again_by_their_number(cell, everywhere):
    row = (CELL, "张伟", "RESIDENT", id_number(date(1980, 5, 17)), "138 0000 1234")

    first, again = sheet(row), sheet(row)
    changed = sheet((*row[:1], "张炜", *row[2:]))

    assert (first.inserted, again.unchanged, changed.updated) == (1, 1, 1)
    person = Person.objects.get()
    assert (person.name, person.initials, person.birth_date) == ("张炜", "zw", date(1980, 5, 17))
    actions = [entry.action for entry in audit.history(person)]
    assert actions == ["people.person.added", "people.person.changed"]


def test_a_sheet_names_what_is_wrong(cell, everywhere):
    ledger = sheet((CELL, "张伟", "RESIDENT", "410883198005170000", ""), (CELL, "李娜", "NONE", "", "12"))

    assert [(reject.row, reject.field) for reject in ledger.rejects] == [(2, "id_number"), (3, "phone")]


def test_people_without_a_number_are_always_new(cell, everywhere):
    ledger = sheet((CELL, "张伟", "NONE", "", ""), (CELL, "李娜", "TEMPORARY", "", ""))

    assert ledger.inserted == 2
    assert Person.objects.get(name="李娜").id_number.reveal().startswith("T410883")


def test_a_sheet_may_use_the_words_people_use(cell, everywhere):
    row = [CELL, "王芳", "身份证", id_number(male=False), "女性"]

    imports.run(site.get("people.person"), Table([*HEAD[:4], "性别"], [row]), by=None)

    assert Person.objects.get().sex == "FEMALE"


def test_a_form_that_leaves_the_number_empty_keeps_it(person):
    register = site.get("people.person")
    made = person(id_number=(number := id_number()))

    written = register.write(by=None, values=register.clean_row({"name": "张卫", "id_type": "RESIDENT"}), record=made)

    assert (written.name, written.id_number.reveal()) == ("张卫", number)


def test_households_are_entered_and_changed(cell, everywhere):
    register = site.get("people.household")

    home = register.write(by=None, values={"area": cell, "number": "12"})
    changed = register.write(by=None, values={"number": "13"}, record=home, base_version=1)

    assert changed.number == "13"
    with pytest.raises(ValidationError):
        register.write(by=None, values={"area": cell, "number": "13"})
