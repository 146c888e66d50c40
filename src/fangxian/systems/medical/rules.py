"""What the packs say about fever patients, transfers and rounds."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from fangxian.core import policy
from fangxian.core.policy import Pack
from fangxian.core.policy.files import ANY_DISEASE
from fangxian.systems.medical.models import Facility

FORBIDDEN = "medical.fever_forbidden_kinds"


@dataclass(frozen=True)
class Judged:
    """Whether a patient has fever, and whether the facility may see such a patient; by which rule of which pack."""

    is_fever: bool
    is_forbidden: bool
    rule: str
    pack: str


def pack_of(area_code: str) -> Pack:
    """The pack in force for an area; rules of medical care name no disease."""
    return policy.pack(disease=ANY_DISEASE, area_code=area_code)


def judge(facility: Facility, temperature: Decimal) -> Judged:
    """A patient's temperature at a facility."""
    pack = pack_of(facility.area_id)
    fever = float(temperature) >= pack.number("medical.fever_c")
    forbidden = fever and not may_see_fever(facility, pack)
    return Judged(fever, forbidden, FORBIDDEN if forbidden else "", pack.version)


def may_see_fever(facility: Facility, pack: Pack) -> bool:
    """Whether facilities of this kind may see fever patients."""
    return facility.kind not in pack.items(FORBIDDEN)


def time_to_refer(pack: Pack) -> timedelta:
    """Within which a fever patient arrives where fever patients are seen."""
    return pack.duration("medical.fever_referral_hours")


def time_to_answer(pack: Pack) -> timedelta:
    """Within which both sides have answered a transfer."""
    return pack.duration("medical.transfer_answer_hours")


def items(pack: Pack) -> list[str]:
    """What a round of infection control looks at."""
    return pack.items("medical.infection_control_items")


def time_between_rounds(pack: Pack) -> timedelta:
    """How long a facility may go without a round."""
    return pack.duration("medical.infection_control_days")


def tests(pack: Pack) -> list[str]:
    """The diseases whoever is seen with fever is tested for."""
    return pack.items("medical.fever_tests")
