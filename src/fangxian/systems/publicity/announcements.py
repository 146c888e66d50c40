"""What publicity tells whoever listens, inside the transaction of the act."""

from django.dispatch import Signal

#: sent with `message` (Message) and `by` (the second officer)
published = Signal()
