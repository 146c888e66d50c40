"""What the environment tells whoever listens, inside the transaction of the act."""

from django.dispatch import Signal

#: sent with `sample` (EnvironmentSample, positive now) and `by` (the officer, or None)
sample_positive = Signal()
#: sent with `sample` (EnvironmentSample, no longer positive) and `by`
sample_corrected = Signal()
