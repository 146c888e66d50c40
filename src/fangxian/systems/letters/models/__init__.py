"""Letters of assistance: whom we ask other commands to find, whom they ask us for, and what came back."""

from fangxian.systems.letters.models.deliveries import Delivery
from fangxian.systems.letters.models.letters import Action, HandOver, Letter, LetterItem, NumberSeries
from fangxian.systems.letters.models.partners import Peer, SeenEnvelope

__all__ = ["Action", "Delivery", "HandOver", "Letter", "LetterItem", "NumberSeries", "Peer", "SeenEnvelope"]
