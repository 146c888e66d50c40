"""Why a figure is another than yesterday: one sentence in the reader's language, from what was counted by area."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fangxian.systems.situation.differences import LABELS, Why

NAMED = 3
"""So many areas a sentence names on each side; the table behind the link has them all."""


def why(figure: dict[str, Any], names: dict[str, dict[str, str]], tongue: str) -> str:
    """The sentence for one counted figure. names: areas by code; tongue: `zh` or `en`.

    Figures are rows of `Counted.as_dict`.
    """
    before = figure["before"]
    if before is None:
        return _("Not counted the day before.")
    moved = {
        code: figure["parts"].get(code, 0) - figure["before_parts"].get(code, 0)
        for code in {*figure["parts"], *figure["before_parts"]}
    }
    said = [_moved(figure["value"] - before, moved, names, tongue)]
    if len(figure["because"]) > 1:  # one part alone says no more than the difference does
        parts = [f"{LABELS[Why(why)]} {n:+d}" for why, n in figure["because"]]
        said.append(_("Of these: %(parts)s.") % {"parts": _listed(parts, tongue)})
    if figure["later"]:
        said.append(
            ngettext("%(n)s more came the day before after this hour.", "%(n)s more came the day before after this "
                     "hour.", figure["later"]) % {"n": figure["later"]}
        )  # fmt: skip
    return _join(said)


def _moved(difference: int, moved: dict[str, int], names: dict[str, dict[str, str]], tongue: str) -> str:
    more = _areas([(n, code) for code, n in moved.items() if n > 0], names, tongue)
    fewer = _areas([(-n, code) for code, n in moved.items() if n < 0], names, tongue)
    if not more and not fewer:
        return _("As the day before.")
    if more and fewer:
        said = {"more": more, "fewer": fewer, "sum": f"{difference:+d}"}
        return _("%(sum)s in all: more in %(more)s; fewer in %(fewer)s.") % said
    if more:
        return _("%(n)s more: %(where)s.") % {"n": difference, "where": more}
    return _("%(n)s fewer: %(where)s.") % {"n": -difference, "where": fewer}


def _areas(moved: list[tuple[int, str]], names: dict[str, dict[str, str]], tongue: str) -> str:
    """Areas with how much, the most first; what is beyond the first few as one number."""
    ordered = sorted(moved, key=lambda one: (-one[0], one[1]))
    shown = [f"{names.get(code, {}).get(tongue, code)} {n}" for n, code in ordered[:NAMED]]
    rest = sum(n for n, _code in ordered[NAMED:])
    if rest:
        shown.append(_("elsewhere %(n)s") % {"n": rest})
    return _listed(shown, tongue)


def _listed(words: list[str], tongue: str) -> str:
    return ("、" if tongue == "zh" else ", ").join(words)


def _join(sentences: list[str]) -> str:
    """Sentences one after another; those in Chinese without a blank between."""
    joined = sentences[0]
    for one in sentences[1:]:
        joined += one if joined.endswith("。") else f" {one}"
    return joined
