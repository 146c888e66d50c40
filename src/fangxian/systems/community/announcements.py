"""What the community tells whoever listens, inside the transaction of the act."""

from django.dispatch import Signal

#: sent with `report` (PublicReport as it stands now) and `by` (the officer, or None)
report_moved = Signal()
#: sent with `volunteer` (Volunteer) and `by`
volunteer_moved = Signal()
#: sent with `gathering` (Gathering) and `by`
gathering_moved = Signal()
