"""What supplies tell whoever listens, inside the transaction of the act: stock has moved, a request has moved."""

from django.dispatch import Signal

#: sent with `movements` (list of Movement) and `by` (the officer, or None)
stock_moved = Signal()
#: sent with `request` (SupplyRequest as it stands now) and `by`
request_moved = Signal()
