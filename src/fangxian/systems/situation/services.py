"""Writing counts: the only verbs that do. Nothing here changes a record."""

from fangxian.systems.situation.closing import close, close_due, forget
from fangxian.systems.situation.counting import compare, refresh

__all__ = ["close", "close_due", "compare", "forget", "refresh"]
