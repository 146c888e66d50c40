"""What immunization tells whoever listens, inside the transaction of the act."""

from django.dispatch import Signal

#: sent with `event` (Aefi) and `by`: reported, moved on, or made graver
event_changed = Signal()
#: sent with `lots` (list of VaccineLot) and `by`: a lot is recalled wherever it is
lot_recalled = Signal()
#: sent with `visit` (Visit) and `by`: somebody went before the time was up
left_early = Signal()
