"""Told when passages or passengers wait for the lists to be asked; stories listen (systems never import them)."""

from django.dispatch import Signal

passages_waiting = Signal()
"""Sent inside the transaction that stored them; carries nothing, whoever listens asks for what waits."""


def announce() -> None:
    """Say that something waits."""
    passages_waiting.send(sender="checkpoints")
