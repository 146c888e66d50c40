"""What early warning tells whoever listens, inside the transaction of the act."""

from django.dispatch import Signal as Announcement

#: sent with `card` (the Signal) and `by` (the officer): a verdict was given
judged = Announcement()
#: sent with `card` and `by`: the verdict was taken back
taken_back = Announcement()
#: sent with `product` (WarningProduct) and `by`: it took one of its steps
product_moved = Announcement()
