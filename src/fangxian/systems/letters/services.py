"""The verbs of letters of assistance; each in the file that says what it is about."""

from fangxian.systems.letters.answering import (
    acknowledge,
    answer,
    close,
    set_results,
    settle,
    take_acknowledgement,
    take_answer,
)
from fangxian.systems.letters.chasing import remind, round_of, take_reminder
from fangxian.systems.letters.correcting import correct_item, recall, recall_items
from fangxian.systems.letters.drafting import Receiver, add_items, draft, item_of_person, move_items, readdress
from fangxian.systems.letters.entering import enter_received
from fangxian.systems.letters.handing import decide_match, hand_on, place
from fangxian.systems.letters.peers import confirm as confirm_peer
from fangxian.systems.letters.peers import propose as propose_peer
from fangxian.systems.letters.peers import revoke as revoke_peer
from fangxian.systems.letters.receiving import Taken, take
from fangxian.systems.letters.sending import delivered, pass_on, send, sign

__all__ = [
    "Receiver", "Taken", "acknowledge", "add_items", "answer", "close", "confirm_peer", "correct_item",
    "decide_match", "delivered", "draft", "enter_received", "hand_on", "item_of_person", "move_items", "pass_on",
    "place", "propose_peer", "readdress", "recall", "recall_items", "remind", "revoke_peer", "round_of", "send",
    "set_results", "settle", "sign", "take", "take_acknowledgement", "take_answer", "take_reminder",
]  # fmt: skip
