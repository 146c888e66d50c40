"""What holds for every model there is: scope, pairs of fields, personal values. All models are walked."""

import re

import pytest
from django.apps import apps
from django.db import models

from fangxian.core import masking
from fangxian.core.areas import Area
from fangxian.core.fields import BlindIndexField, EncryptedTextField
from fangxian.core.officers import Officer
from fangxian.core.records import Record
from fangxian.registers import site

OURS = [model for model in apps.get_models() if model.__module__.startswith("fangxian.")]
RECORDS = [model for model in OURS if issubclass(model, Record)]

# Who and when that are not bound together in the database, each with the reason.
UNBOUND = {
    "created": "a workflow or the set-up creates without anybody's name",
    "changed": "a workflow changes without anybody's name",
    "cases.case.clinical": "`confirm` binds them; the officer is missing when a workflow acts",
    "cases.case.epidemiological": "`confirm` binds them; the officer is missing when a workflow acts",
    "cases.contact.decided": "when it was decided stands in the audit, with every decision before it",
    "cases.contact.proposed": "a line list read from an empty folder is nobody's word",
    "cases.case.laboratory": "a result confirms by itself; whose it is stands with the result",
    "arrivals.appeal.answered": "`decide` writes both",
    "arrivals.appeal.proposed": "when it was proposed stands in the audit, with every proposal before it",
    "arrivals.arrival.checked": "one verb writes both",
    "arrivals.arrival.received": "one verb writes both",
    "checkpoints.handover.given": "neither may ever be empty",
    "community.gathering.decided": "a rule decides what nobody has to approve or nobody may; then there is no officer",
    "community.volunteer.decided": "who stops helping on their own page is no officer",
    "inspection.finding.settled": "a closed one has `closed_at`; when it was withdrawn stands in the audit",
    "inspection.finding.withdrawal": "when it was asked for stands in the audit, with every asking before it",
    "medical.referral.sent": "an agreement has no time of its own; its audit line has",
    "medical.referral.taken": "an agreement has no time of its own; its audit line has",
    "people.duplicatepair.decided": "one verb writes both",
    "people.listrow.decided": "one verb writes both",
    "people.merge.decided": "one verb writes both",
    "people.merge.undone": "one verb writes both",
    "quarantine.shifthandover.handed": "one verb writes both",
    "publicity.message.second": "the second approval publishes; `published_at` is its time, and bound to it",
    "readiness.epidemicfree.asked": "when it was asked for stands in the audit",
    "readiness.epidemicfree.ended": "evidence and time end it without an officer",
    "risk_areas.riskareaversion.decided": "one verb writes both",
    "screening.target.told": "when it was told stands in the audit, with every word before it",
    "testing.labresult.first": "an opinion has no time of its own; its audit line has",
    "testing.labresult.second": "an opinion has no time of its own; its audit line has",
}

# Personal values nobody searches by, each with the reason.
WITHOUT_INDEX = {
    "command.task.address": "tasks are found by area, person and state",
    "arrivals.appeal.text": "what a resident says; read as a whole, with the plan",
    "arrivals.declaredperson.address": "travellers are found by name, number or phone",
    "checkpoints.passage.name": "passages are found by plate and number",
    "community.gathering.phone": "gatherings are found by name, place and day",
    "community.publicreport.phone": "nobody may search for who told",
    "community.publicreport.place": "reports are found by area, kind and time",
    "community.publicreport.words": "read one by one, on record",
    "checkpoints.passage.phone": "passages are found by plate and number",
    "checkpoints.passenger.name": "passengers are found by number and manifest",
    "checkpoints.passenger.phone": "passengers are found by number and manifest",
    "checkpoints.pointofentry.phone": "points are found by name",
    "checkpoints.traveller.name": "fellow travellers are found by number and passage",
    "checkpoints.traveller.phone": "fellow travellers are found by number and passage",
    "checkpoints.vehicle.id_number": "vehicles are found by plate",
    "checkpoints.vehicle.name": "vehicles are found by plate",
    "checkpoints.vehicle.phone": "vehicles are found by plate",
    "letters.letteritem.address": "people of a letter are found by the letter",
    "letters.letteritem.phone": "people of a letter are matched by the receiving area, once",
    "goods.consignment.driver": "consignments are found by their declaration or container",
    "goods.consignment.driver_phone": "consignments are found by their declaration or container",
    "goods.goodsplace.phone": "places are found by name",
    "goods.movement.buyer": "buyers are found by the lot they bought",
    "goods.movement.buyer_phone": "buyers are found by the lot they bought",
    "immunization.visit.guardian": "visits are found by person, site and day",
    "inspection.fourparties.phone": "parties are found by place and duty",
    "medical.facility.phone": "facilities are found by name",
    "people.listrow.said": "a whole row of a list",
    "pharmacies.pharmacy.phone": "pharmacies are found by name",
    "pharmacies.sale.address": "buyers are found by number or phone",
    "people.merge.before": "both entries as they were, to undo the merge",
    "people.sourcelist.upload": "a whole list",
    "readiness.schoolopening.commissioner_phone": "commissioners are found by their school",
    "screening.place.phone": "places are found by code and name",
    "quarantine.site.phone": "sites are found by name",
    "quarantine.transfer.from_address": "transfers are found by person, state and clock",
    "registers.importrun.upload": "a whole sheet",
    "registers.importrun.repair": "a whole sheet",
    "cases.traceresult.found": "who was where; read as a whole, by the request",
}

# Fingerprints that are there to match by and not to search by, each with the reason.
ONLY_MATCHED = {
    "people.household.address": "the same door, for finding duplicates; nobody types an address whole",
    "people.person.address": "the same door, for finding duplicates; nobody types an address whole",
}

# Links to areas beside the scope, each with the reason.
NO_SCOPE = {
    "checkpoints.passage.to_area": "a word said at the point; the passage is the affair of the point",
    "checkpoints.passenger.to_area": "a word said aboard; the passenger is the affair of the point",
}

# Encrypted fields of models that are no record and so have no register.
NO_REGISTER = {
    "registers.importrun.upload": "kept a day, for the officer who sent it",
    "registers.importrun.repair": "kept a day, for the officer who sent it",
    "cases.traceresult.found": "kept some days, shown on the page of its request, on record",
}

# Fields that sound personal and are kept in clear, each with the reason.
PERSONAL = re.compile(r"phone|mobile|address|identity|passport|plate|email|bank|card|(^|_)id_(number|card)|credit")
IN_CLEAR = {
    "checkpoints.passage.plate_kind": "the kind of a plate, one of a few words",
    "checkpoints.vehicle.plate_kind": "the kind of a plate, one of a few words",
    "checkpoints.soughtvehicle.plate_kind": "the kind of a plate, one of a few words",
    "checkpoints.pointofentry.address": "of a point at a road, which everybody sees",
    "goods.consignment.plate": "of a lorry on a customs paper, looked up by the gate",
    "goods.goodsplace.address": "of a company's premises, which is public",
    "goods.goodsplace.credit_code": "of a company, which is public",
    "goods.goodsplace.plate": "of a company's lorry, looked up by the gate",
    "medical.facility.address": "of a hospital, which is public",
    "pharmacies.pharmacy.address": "of a shop, which hangs it at its door",
    "pharmacies.pharmacy.credit_code": "of a shop, published in the register of companies",
    "screening.place.address": "of a venue, which hangs it at its door",
    "screening.place.credit_code": "of an organisation, published in the register of companies",
    "quarantine.site.address": "of a house, not of who is in it",
    "surveillance.warningproduct.addressee": "an office that is warned, no person",
}


def name_of(field: models.Field) -> str:
    return f"{field.model._meta.label_lower}.{field.name}"


def encrypted() -> list[models.Field]:
    return [field for model in OURS for field in model._meta.local_fields if isinstance(field, EncryptedTextField)]


@pytest.mark.parametrize("model", RECORDS, ids=lambda model: model._meta.label_lower)
def test_scope_is_a_range_over_indexed_links_to_areas(model):
    """The first scope field is the one area every record has; each is a foreign key that an index begins with."""
    assert model.scope_fields[0] == "area"
    first = {index.fields[0].lstrip("-") for index in model._meta.indexes if not index.condition}
    for name in model.scope_fields:
        field = model._meta.get_field(name)
        assert isinstance(field, models.ForeignKey) and field.related_model is Area
        assert field.db_index or name in first


@pytest.mark.parametrize("model", RECORDS, ids=lambda model: model._meta.label_lower)
def test_a_link_to_an_area_is_scope_or_shown_to_whoever_sees_the_row(model):
    """An area beside the scope would let a row be read by nobody who is meant by it."""
    links = {field.name for field in model._meta.local_fields if field.related_model is Area}
    known = {name.rpartition(".")[2] for name in NO_SCOPE if name.startswith(f"{model._meta.label_lower}.")}
    assert links == set(model.scope_fields) | known


@pytest.mark.parametrize("model", RECORDS, ids=lambda model: model._meta.label_lower)
def test_a_record_goes_through_the_scoped_manager(model):
    assert model._default_manager.name == "objects" and model._base_manager.name == "unscoped"
    managers = {manager.name for manager in model._meta.managers}
    assert managers == {"objects", "unscoped"}


def test_who_and_when_are_bound_together_in_the_database():
    unbound = {name for model in RECORDS for stem, name in pairs(model) if not is_bound(model, stem)}
    assert unbound == set(UNBOUND), "bind them by a check constraint, or say here why not"


def pairs(model: type[Record]) -> list[tuple[str, str]]:
    """Stems of fields that name an officer: `done` of `done_by`, and how the reason above calls it."""
    links = (field for field in model._meta.local_fields if field.related_model is Officer)
    return [
        (stem, stem if stem in ("created", "changed") else f"{model._meta.label_lower}.{stem}")
        for stem in (field.name.removesuffix("_by") for field in links if field.name.endswith("_by"))
    ]


def is_bound(model: type[Record], stem: str) -> bool:
    checks = [str(rule) for rule in model._meta.constraints if isinstance(rule, models.CheckConstraint)]
    return any(f"{stem}_by" in text and f"{stem}_at" in text for text in checks)


def test_personal_values_can_be_found_or_need_not_be():
    indexed = {
        f"{model._meta.label_lower}.{field.of}"
        for model in OURS
        for field in model._meta.local_fields
        if isinstance(field, BlindIndexField)
    }
    fields = {name_of(field) for field in encrypted()}
    assert fields - indexed == set(WITHOUT_INDEX)


def test_a_register_searches_exactly_what_can_be_found():
    """A blind index nobody uses is one more fingerprint of a person for nothing."""
    for register in site:
        indexed = {field.of for field in register.model._meta.local_fields if isinstance(field, BlindIndexField)}
        matched = {name for name in indexed if f"{register.model._meta.label_lower}.{name}" in ONLY_MATCHED}
        assert set(register.search_exact) == indexed - matched, register.slug


def test_every_encrypted_field_is_a_secret_of_a_register():
    open_ = {name_of(field) for field in encrypted() if not _is_secret(field)}
    assert open_ == set(NO_REGISTER)


def _is_secret(field: models.Field) -> bool:
    register = site.of(field.model)
    return register is not None and field.name in register.secrets


def test_every_encrypted_field_can_be_shown_masked():
    """A mask nobody knows would be found only when a value is printed, which is the worst moment."""
    for field in encrypted():
        assert field.mask in masking.KINDS, name_of(field)
        assert str(field.to_python("410883199001011230")) != "410883199001011230", name_of(field)


def test_what_sounds_personal_is_encrypted():
    texts = [field for model in OURS for field in model._meta.local_fields if _is_text(field)]
    clear = {name_of(field) for field in texts if PERSONAL.search(field.name)}
    assert clear == set(IN_CLEAR)


def _is_text(field: models.Field) -> bool:
    kept = isinstance(field, models.CharField | models.TextField)
    return kept and not isinstance(field, EncryptedTextField | BlindIndexField)
