"""Pharmacies: the houses and who works there, their sales, their tills' totals, call-backs."""

from fangxian.systems.pharmacies.models.days import CallBack, TillTotal
from fangxian.systems.pharmacies.models.houses import Clerk, OfPharmacy, Pharmacy, Product
from fangxian.systems.pharmacies.models.sales import Sale, SaleLine

__all__ = ["CallBack", "Clerk", "OfPharmacy", "Pharmacy", "Product", "Sale", "SaleLine", "TillTotal"]
