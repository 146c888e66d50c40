"""Identifiers of persons, organisations, vehicles and containers: one file a kind, pure functions.

Each takes what was written, tidies it (full width, spaces, spelling), and gives a frozen dataclass whose `number` is
the one spelling to keep, or raises InvalidIdentifier with a reason for the person who typed it.
"""

from fangxian.core.identity.container import Container, container
from fangxian.core.identity.errors import Doubt, InvalidIdentifier
from fangxian.core.identity.foreigner import ForeignPermanentId, foreign_permanent_id
from fangxian.core.identity.organisation import OrganisationCode, organisation_code
from fangxian.core.identity.passport import Passport, PassportType, passport
from fangxian.core.identity.phone import Phone, mobile, phone
from fangxian.core.identity.plate import Plate, PlateKind, plate
from fangxian.core.identity.resident import Holder, ResidentId, Sex, residence_permit, resident_id
from fangxian.core.identity.text import normalise

PARSERS = {
    "resident_id": resident_id,
    "residence_permit": residence_permit,
    "foreign_permanent_id": foreign_permanent_id,
    "passport": passport,
    "organisation_code": organisation_code,
    "plate": plate,
    "mobile": mobile,
    "phone": phone,
    "container": container,
}

__all__ = [
    "PARSERS",
    "Container",
    "Doubt",
    "ForeignPermanentId",
    "Holder",
    "InvalidIdentifier",
    "OrganisationCode",
    "Passport",
    "PassportType",
    "Phone",
    "Plate",
    "PlateKind",
    "ResidentId",
    "Sex",
    "container",
    "foreign_permanent_id",
    "mobile",
    "normalise",
    "organisation_code",
    "passport",
    "phone",
    "plate",
    "residence_permit",
    "resident_id",
]
