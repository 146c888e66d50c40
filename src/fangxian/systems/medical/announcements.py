"""What medical care tells whoever listens, inside the transaction of the act: fever seen, a round done, a way ended."""

from django.dispatch import Signal

#: sent with `visits` (list of FeverVisit) and `by` (the officer, or None)
fever_seen = Signal()
#: sent with `control_round` (ControlRound) and `by`
round_done = Signal()
#: sent with `referral` (Referral) and `by`: it has come to an end, arrived or not
referral_ended = Signal()
