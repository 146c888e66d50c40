"""The report text of a recall, written from the data, in the reader's language. No name of a person, no number."""

from collections import Counter

from django.utils.translation import gettext as _

from fangxian.core.clock import worded
from fangxian.systems.goods import selectors
from fangxian.systems.goods.models import Recall, RecallLine
from fangxian.systems.goods.words import Finding, HolderState


def report_text(recall: Recall, lines: list[RecallLine]) -> str:
    """What it began with, what was reached, what was done, what is open."""
    return "\n\n".join([_head(recall), _reached(recall, lines), _done(lines), _places(lines)])


def _head(recall: Recall) -> str:
    lot, test = recall.lot, recall.test
    facts = {
        "lot": lot.number, "goods": lot.goods, "pieces": lot.pieces, "place": lot.place,
        "origin": lot.consignment.origin if lot.consignment else "–", "reason": recall.reason,
        "at": worded(recall.started_at),
    }  # fmt: skip
    text = (
        _(
            "Lot %(lot)s: %(goods)s from %(origin)s, %(pieces)s pieces, received at %(place)s. Recall started %(at)s: "
            "%(reason)s."
        )
        % facts
    )
    if test is None:
        return text
    if test.finding == Finding.VOID:
        return f"{text} " + _("The test was taken back: %(reason)s.") % {"reason": test.correction}
    found = {"samples": test.samples, "positives": test.positives, "surface": test.get_surface_display()}
    return f"{text} " + _("%(positives)s of %(samples)s samples positive (%(surface)s).") % found


def _reached(recall: Recall, lines: list[RecallLine]) -> str:
    return _(
        "Searched from %(from)s to %(until)s: %(lots)s lots at %(places)s places, %(handlers)s handlers, %(pieces)s "
        "pieces to account for."
    ) % {
        "from": worded(recall.from_at), "until": worded(recall.until_at), "lots": recall.lots, "places": recall.places,
        "handlers": recall.handlers, "pieces": selectors.totals(lines)["pieces"],
    }  # fmt: skip


def _done(lines: list[RecallLine]) -> str:
    counted, states = selectors.totals(lines), Counter(line.state for line in lines)
    told = len(lines) - states[HolderState.OPEN]
    return _(
        "Told: %(told)s of %(all)s holders. Sealed %(sealed)s, sent back %(returned)s, destroyed %(destroyed)s, "
        "used up or not to be found %(used)s, open %(open_pieces)s pieces."
    ) % {**counted, "told": told, "all": len(lines)}


def _places(lines: list[RecallLine]) -> str:
    rows = sorted(lines, key=lambda line: (-line.pieces, str(line)))
    unnamed = _("Customers without a name")
    named = [
        f"· {line.place or unnamed} · {line.lot.number}: {line.pieces} · {line.get_state_display()}" for line in rows
    ]
    return "\n".join([_("Holders:"), *named])
