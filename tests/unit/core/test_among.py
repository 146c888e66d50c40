"""Thousands of keys as one parameter: the same rows as a list of them, in the words of both databases."""

from datetime import date

import pytest
from django.db import connection

from fangxian.core.among import Among
from fangxian.core.areas import Area
from fangxian.core.audit import AuditEntry
from fangxian.core.ids import uuid7
from fangxian.systems.people.models import Household, Person


@pytest.fixture
def homes(county) -> list[Household]:
    area = Area.objects.get(code="410883001212")
    return [Household.unscoped.create(area=area, number=f"H{n}") for n in range(3)]


def test_ids_numbers_and_texts_find_what_a_list_of_them_finds(homes):
    wanted = {home.pk for home in homes[:2]} | {uuid7()}
    assert set(Household.unscoped.filter(pk__in=Among(wanted))) == set(homes[:2])
    assert Household.unscoped.filter(area__in=Among(["410883001212", "99"])).count() == 3
    person = Person.unscoped.create(area_id="410883001212", name="张伟", birth_date=date(1980, 5, 17))
    assert Person.unscoped.get(birth_date__in=Among([date(1980, 5, 17), date(1990, 1, 1)])) == person
    assert AuditEntry.objects.filter(seq__in=Among([1, 10**9])).count() == AuditEntry.objects.filter(seq=1).count()


def test_more_keys_than_a_statement_has_parameters(homes):
    many = Among([*(uuid7() for _ in range(70_000)), homes[0].pk])
    assert list(Household.unscoped.filter(pk__in=many)) == homes[:1]
    assert not Household.unscoped.filter(pk__in=Among([])).exists()


def test_both_databases_are_told_in_their_own_words(db):
    compiler = Area.objects.all().query.get_compiler(connection=connection)
    for word, kind in ((Among([1]), "bigint"), (Among([uuid7()]), "uuid"), (Among(["a"]), "text")):
        assert f"value::{kind} FROM json_array_elements_text" in word.as_postgresql(compiler, connection)[0]
        assert "json_each" in word.as_sql(compiler, connection)[0]
