"""What the packs say about medicine under watch: the ladder, what a name has to come with, fever, hours."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from fangxian.core import modes, policy
from fangxian.core.policy import Pack
from fangxian.core.policy.files import ANY_DISEASE
from fangxian.systems.pharmacies.words import Drug, Stage, Wrong

LADDER = "pharmacy.ladder"
ORDER = [str(stage) for stage in Stage]


@dataclass(frozen=True)
class Judged:
    """The step of the ladder a basket falls under, what is wrong with selling it, whether the buyer has fever."""

    stage: str
    wrong: str
    is_fever: bool
    pack: str


def pack_of(area_code: str, at: datetime) -> Pack:
    """The pack in force for an area at a moment, in the mode it worked in then; rules of pharmacies name no disease."""
    mode = modes.mode_of(area_code, at)
    return policy.pack(disease=ANY_DISEASE, area_code=area_code, on=timezone.localdate(at), mode=mode)


def watched(pack: Pack) -> list[str]:
    """The classes of medicine under watch."""
    return [str(drug) for drug in pack.items("pharmacy.classes")]


def ladder(pack: Pack) -> dict[str, str]:
    """The step of each class under watch."""
    steps = pack.table(LADDER)
    return {drug: str(steps.get(drug, Stage.FREE)) for drug in watched(pack)}


def judge(pack: Pack, drugs: set[str], buyer: dict[str, Any]) -> Judged:
    """The gravest step that a basket of these classes falls under, and whether the buyer gave what it asks for."""
    steps = ladder(pack)
    stage = max((steps.get(drug, str(Stage.FREE)) for drug in drugs), key=ORDER.index, default=str(Stage.FREE))
    wrong = ""
    if stage == Stage.STOPPED:
        wrong = str(Wrong.STOPPED)
    elif stage == Stage.REAL_NAME and not is_named(pack, buyer):
        wrong = str(Wrong.NO_NAME)
    return Judged(stage, wrong, has_fever(pack, buyer), pack.version)


def is_named(pack: Pack, buyer: dict[str, Any]) -> bool:
    """A name, and one of what the pack takes to know somebody by."""
    return bool(buyer.get("name")) and any(buyer.get(one) for one in identified_by(pack))


def identified_by(pack: Pack) -> list[str]:
    """Which of identity number, phone and address do, one of them, with the name."""
    return [str(one) for one in pack.items("pharmacy.identified_by")]


def has_fever(pack: Pack, buyer: dict[str, Any]) -> bool:
    """By the thermometer where there was one, else by what was said."""
    measured: Decimal | None = buyer.get("temperature")
    if measured is not None and float(measured) >= threshold(pack):
        return True
    told = (buyer.get("symptoms") or "").lower()
    return any(word in told for word in pack.items("pharmacy.fever.words"))


def threshold(pack: Pack) -> float:
    """From how many degrees on it is fever."""
    return float(pack.number("pharmacy.fever.threshold_c"))


def time_to_call(pack: Pack) -> timedelta:
    """Within which a buyer with fever is called."""
    return pack.duration("pharmacy.followup_hours")


def report_by(pack: Pack) -> timedelta:
    """How long after midnight the day before has to be there."""
    return pack.duration("pharmacy.report_by_hours")


def is_due(area_code: str, day: date, at: datetime) -> bool:
    """Whether what was sold on a day has to be there by now: until then nobody is silent."""
    after = timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
    return at >= after + report_by(pack_of(area_code, after))


def class_of(pack: Pack, name: str) -> str:
    """The class a product's name makes it, "" where the pack knows no such name."""
    told = name.lower()
    for drug in watched(pack):
        if any(word in told for word in pack.get(f"pharmacy.names.{drug}", [])):
            return drug
    return ""


def is_watched(pack: Pack, drug: str) -> bool:
    """Whether sales of a class are looked at."""
    return drug != Drug.OTHER and drug in watched(pack)
