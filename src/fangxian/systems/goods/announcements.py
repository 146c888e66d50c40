"""What goods tell whoever listens, inside the transaction of the act."""

from django.dispatch import Signal

#: sent with `tests` (list of GoodsTest that are positive) and `by` (the officer, or None)
goods_positive = Signal()
#: sent with `tests` (list of GoodsTest that were positive and are taken back) and `by`
goods_corrected = Signal()
#: sent with `recall` (Recall) and `by`: every piece is accounted for
recall_closed = Signal()
