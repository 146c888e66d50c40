"""Goods: places they pass through, consignments and lots with papers and tests, movements, workers, recalls."""

from fangxian.systems.goods.models.consignments import Consignment, Lot, Paper
from fangxian.systems.goods.models.movements import Movement
from fangxian.systems.goods.models.places import GoodsPlace, Worker
from fangxian.systems.goods.models.recalls import Recall, RecallLine
from fangxian.systems.goods.models.sampling import GoodsTest

__all__ = ["Consignment", "GoodsPlace", "GoodsTest", "Lot", "Movement", "Paper", "Recall", "RecallLine", "Worker"]
