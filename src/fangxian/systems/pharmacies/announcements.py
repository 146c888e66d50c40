"""What pharmacies tell whoever listens, inside the transaction of the act: sales kept, a call-back made."""

from django.dispatch import Signal

#: sent with `sales` (list of Sale) and `by` (the officer, or None)
sales_kept = Signal()
#: sent with `call_back` (CallBack) and `by`
called_back = Signal()
