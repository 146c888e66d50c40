"""Encrypted fields: masked wherever they are shown, unreadable in the store, found only by their fingerprint."""

import pytest
from django.core import checks
from django.db import connection, connections, models

from fangxian.core import records
from fangxian.core.areas import Area
from fangxian.core.cipher import CannotDecrypt
from fangxian.core.fields import BlindIndexField, EncryptedTextField, Secret, blind
from fangxian.systems.people.models import Person

NUMBER = "410883199001011237"


@pytest.fixture
def zhang(county, everywhere):
    area = Area.objects.get(code="410883001212")
    return records.create(Person, by=None, action="x", area=area, name="张伟", id_number=NUMBER)


def test_a_secret_shows_itself_masked(zhang):
    stored = Person.objects.get(pk=zhang.pk).id_number
    assert str(stored) == "4108**********1237" and repr(stored) == "<Secret 4108**********1237>"
    assert stored.reveal() == NUMBER and stored == NUMBER and stored == zhang.id_number
    assert hash(stored) == hash(NUMBER) and stored != "other" and bool(stored)
    assert not Person.objects.get(pk=zhang.pk).phone


def test_the_store_holds_no_plain_value(zhang):
    with connection.cursor() as cursor:
        cursor.execute("select * from people_person")
        assert NUMBER not in str(cursor.fetchall())


def test_it_is_found_by_its_fingerprint_only(zhang):
    assert Person.objects.get(id_index=blind(Person, "id_number", NUMBER)) == zhang
    assert blind(Person, "id_number", zhang.id_number) == zhang.id_index
    assert blind(Person, "phone", "") is None and blind(Person, "phone", None) is None
    with pytest.raises(TypeError, match="blind index"):
        Person.objects.filter(id_number=NUMBER).exists()
    assert Person.objects.filter(id_number__isnull=False).exists()


def test_a_value_copied_into_another_field_does_not_open(zhang):
    stored = zhang.id_number.stored()
    assert zhang.id_number.stored() == stored  # encrypted once
    field = Person._meta.get_field("phone")
    with pytest.raises(CannotDecrypt):
        field.from_db_value(stored, None, None).reveal()


def test_serialised_it_stays_encrypted(zhang):
    field = Person._meta.get_field("id_number")
    assert NUMBER not in field.value_to_string(zhang)
    assert field.deconstruct()[3]["mask"] == "id"
    assert Person._meta.get_field("id_index").deconstruct()[3]["of"] == "id_number"


def test_a_fingerprint_of_a_plain_field_is_an_error():
    class Wrong(models.Model):
        name = models.CharField(max_length=5)
        name_index = BlindIndexField(of="name")

        class Meta:
            app_label = "core"

    assert isinstance(Wrong._meta.get_field("name_index").check()[0], checks.Error)
    assert Person._meta.get_field("id_index").check() == []


@pytest.mark.parametrize(("vendor", "collation"), [("postgresql", "C"), ("sqlite", None)])
def test_codes_compare_by_bytes_on_both_stores(vendor, collation, monkeypatch):
    store = connections["default"]
    monkeypatch.setattr(store, "vendor", vendor)
    assert Area._meta.get_field("code").db_parameters(store)["collation"] == collation


def test_a_secret_that_is_a_value_already_stays_it():
    field = Person._meta.get_field("phone")
    secret = field.to_python("13800001234")
    assert field.to_python(secret) is secret


def test_a_plain_secret_encrypts_when_stored():
    secret = Secret("13800001234", kind="phone", aad="x")
    assert "13800001234" not in secret.stored()
    assert isinstance(EncryptedTextField(mask="phone"), models.TextField)


def test_a_value_taken_over_from_another_field_opens_there(zhang):
    """Assigned as the object it is, without revealing it: it is encrypted anew, bound to where it lies now."""
    zhang.address = zhang.id_number
    zhang.save()
    stored = Person.objects.get(pk=zhang.pk)
    assert (stored.address.reveal(), stored.address.kind) == (NUMBER, "address")
    assert stored.id_number.reveal() == NUMBER
