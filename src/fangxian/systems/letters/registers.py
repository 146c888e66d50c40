"""The ledgers of letters: letters, their people, the hand-overs, the partners."""

from django.utils.translation import gettext_lazy as _

from fangxian.registers import Column, Register
from fangxian.systems.letters.models import HandOver, Letter, LetterItem, Peer

_LETTER_PAGE = (
    "other_code", "other_contact", "peer", "twin", "subject_kind", "subject_id", "reason", "legal_basis", "pack",
    "asked", "deadline_rule", "revision", "answer_revision", "signature_needed", "signed_at", "signed_by", "started_at",
    "closed_at", "reminded_at", "escalated_at", "origin",
)  # fmt: skip
_ITEM_PAGE = (
    "letter_area", "twin", "kind", "person", "sex", "id_type", "address", "last_contact_at", "note", "subject_id",
    "match_reason", "handed_on_at", "isolated_in", "monitored_since", "moved_to", "result_note", "answered_at",
    "refused", "recall_reason",
)  # fmt: skip


class LetterRegister(Register):
    """Letters of assistance sent and received, with their deadlines."""

    # a letter is written, sent and answered on its own pages: each step is a verb
    model = Letter
    columns = (
        "direction", "number", "other_name", "about", "state", "sent_at", "acknowledge_by", "due_at",
        "acknowledged_at", "answered_at", "reminders", "disease", "channel", "their_number", "area",
    )  # fmt: skip
    filters = ("direction", "state", "channel")
    search = ("number", "other_name")
    form = ()
    key = ()
    permission = "letters"
    icon = "mail-forward"
    exempt = dict.fromkeys(_LETTER_PAGE, "on the letter's page")


class LetterItemRegister(Register):
    """People, vehicles and goods of letters, and what became of them."""

    # people come onto a letter by its pages, by a case or by the import of a letter; results come from tasks
    model = LetterItem
    columns = (
        Column("letter", sort=""), "position", "name", "id_number", "phone", "ring", "result", "result_at",
        "isolated_since", "tested_at", "test_result", "match", "certainty", "basis", "recalled_at", "area",
    )  # fmt: skip
    filters = ("result", "match", "certainty", "ring", "kind")
    search = ("name",)
    search_exact = ("id_number",)
    form = ()
    key = ()
    permission = "letters"
    icon = "users"
    exempt = {**dict.fromkeys(_ITEM_PAGE, "on the letter's page"), "id_index": "the blind index of the number"}


class HandOverRegister(Register):
    """Every step of every letter between hands, with its time."""

    # written by the verbs of letters, never by hand
    model = HandOver
    columns = (Column("letter", sort=""), "kind", "at", "who", "items", "note", "area")
    filters = ("kind",)
    form = ()
    key = ()
    permission = "letters"
    icon = "timeline-event"


class PeerRegister(Register):
    """Partner installations with whom letters are exchanged."""

    # entered by one officer and confirmed by another, on the page of the partners
    model = Peer
    columns = (
        "name", "code", "url", "state", Column("fingerprint", label=_("Fingerprint"), sort=""), "confirmed_at",
        "confirmed_by", "heard_at", "reason", "area",
    )  # fmt: skip
    filters = ("state",)
    search = ("name",)
    form = ()
    key = ()
    permission = "letters"
    icon = "plug-connected"
    exempt = {"public_key": "the fingerprint stands for it"}
