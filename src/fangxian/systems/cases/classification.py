"""What a case is, computed from its confirmations, with every step of the reasoning.

    laboratory   clinical   epidemiological   symptoms    →  classification
    yes          –          –                 yes            CONFIRMED
    yes          –          –                 no             CONFIRMED_NO_SYMPTOMS
    yes          –          –                 not known      CONFIRMED_UNKNOWN_SYMPTOMS
    no           yes        yes               –              PROBABLE
    no           yes        no                –              SUSPECT
    no           no         yes               yes            SUSPECT
    no           no         yes               no, unknown    NOT_CLASSIFIED
    no           no         no                –              NOT_CLASSIFIED

The laboratory outweighs the rest; a clinical picture together with a known source makes a case probable; one of the
two alone makes it suspected. Someone with a source and no symptoms is a contact, not yet a case.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fangxian.core.clock import DAY, shown
from fangxian.systems.cases.models import Case

C = Case.Classification


class Basis(StrEnum):
    """On what a confirmation rests."""

    CLINICAL = "clinical"
    EPIDEMIOLOGICAL = "epidemiological"
    LABORATORY = "laboratory"


class Suggestion(NamedTuple):
    """A classification and the sentences that lead to it."""

    classification: str
    reasons: list[Promise | str]


@dataclass(frozen=True)
class Facts:
    """What the classification depends on. `symptoms` None means nobody knows."""

    laboratory: bool
    clinical: bool
    epidemiological: bool
    symptoms: bool | None


_YES = {
    Basis.LABORATORY: _("A laboratory confirmed it (%(at)s)."),
    Basis.CLINICAL: _("A physician confirmed the clinical picture (%(at)s)."),
    Basis.EPIDEMIOLOGICAL: _("The investigation confirmed the link to a source (%(at)s)."),
}
_NO = {
    Basis.LABORATORY: _("No laboratory confirmation."),
    Basis.CLINICAL: _("No clinical confirmation."),
    Basis.EPIDEMIOLOGICAL: _("No link to a source is confirmed."),
}
_SYMPTOMS = {
    True: _("Symptoms are known."),
    False: _("There are no symptoms."),
    None: _("Nobody has recorded whether there are symptoms."),
}


def classify(case: Case) -> Suggestion:
    """The classification the case's confirmations suggest, and why."""
    facts = facts_of(case)
    reasons = [_reason(case, basis) for basis in (Basis.LABORATORY, Basis.CLINICAL, Basis.EPIDEMIOLOGICAL)]
    return Suggestion(decide(facts), [*reasons, _SYMPTOMS[facts.symptoms]])


def facts_of(case: Case) -> Facts:
    """The facts of a stored case. A day of onset means symptoms, whatever was ticked."""
    confirmed = {basis: getattr(case, f"{basis}_at") is not None for basis in Basis}
    return Facts(**confirmed, symptoms=True if case.onset_on else case.symptomatic)


def decide(facts: Facts) -> str:
    """The table above."""
    if facts.laboratory:
        return _confirmed(facts.symptoms)
    if facts.clinical:
        return C.PROBABLE if facts.epidemiological else C.SUSPECT
    return C.SUSPECT if facts.epidemiological and facts.symptoms else C.NOT_CLASSIFIED


def _confirmed(symptoms: bool | None) -> str:
    if symptoms is None:
        return C.CONFIRMED_UNKNOWN_SYMPTOMS
    return C.CONFIRMED if symptoms else C.CONFIRMED_NO_SYMPTOMS


def _reason(case: Case, basis: Basis) -> Promise | str:
    at = getattr(case, f"{basis}_at")
    return _YES[basis] % {"at": shown(at, DAY)} if at else _NO[basis]
