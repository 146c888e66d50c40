"""Every verb of goods."""

from fangxian.systems.goods.correcting import rest_on, withdraw_ordered, withdraw_recall, withdraw_test
from fangxian.systems.goods.entering import LotIn, accept, announce, attach_paper, correct, correct_paper, take_stock
from fangxian.systems.goods.judging import judge
from fangxian.systems.goods.moving import divide, move
from fangxian.systems.goods.recalling import Holder, account, close_settled, keep_lines, open_recall, stop, tell
from fangxian.systems.goods.releasing import judge_again, release
from fangxian.systems.goods.sampling import order, report, sample

__all__ = [
    "Holder", "LotIn", "accept", "account", "announce", "attach_paper", "close_settled", "correct", "correct_paper",
    "divide", "judge", "judge_again", "keep_lines", "move", "open_recall", "order", "release", "report", "rest_on",
    "sample", "stop", "take_stock", "tell", "withdraw_ordered", "withdraw_recall", "withdraw_test",
]  # fmt: skip
