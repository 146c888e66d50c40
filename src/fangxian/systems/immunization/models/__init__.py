"""Immunization: sites and what they have, stock, visits with their stations, doses, reactions, refusals."""

from fangxian.systems.immunization.models.giving import Dose, Visit
from fangxian.systems.immunization.models.reaching import Refusal
from fangxian.systems.immunization.models.reactions import Aefi
from fangxian.systems.immunization.models.sites import SiteMeans, VaccinationSite
from fangxian.systems.immunization.models.stock import StockMovement, VaccineLot

__all__ = [
    "Aefi", "Dose", "Refusal", "SiteMeans", "StockMovement", "VaccinationSite", "VaccineLot", "Visit",
]  # fmt: skip
