"""Many entries against the people of their blocks: who is whom, who is a question, who is nobody known."""

from collections.abc import Iterable

from fangxian.engines.matching.comparing import compare
from fangxian.engines.matching.model import Entry, How, Known, Match, Part, Rules, State, Verdict

MOST = 5
"""People shown beside a doubtful entry; more than a person can compare is no help."""


def decide(entry: Entry, candidates: Iterable[Known], rules: Rules) -> Verdict:
    """What becomes of one entry, given everybody its blocks hold.

    Matched: one person reaches `rules.certain`, nobody else comes nearer than `rules.margin`, and at least two parts
    besides the name agree, or the identity number does. Doubtful: somebody reaches `rules.doubt`. Otherwise new.
    """
    compared = (compare(entry, known, rules) for known in candidates)
    likely = [match for match in compared if match.score >= rules.doubt and not match.is_other]
    likely.sort(key=lambda match: (-match.score, str(match.known.ref)))
    if not likely:
        return Verdict(entry, State.NEW)
    state = State.MATCHED if _is_certain(likely, rules) else State.DOUBTFUL
    return Verdict(entry, state, tuple(likely[:MOST]))


def _is_certain(likely: list[Match], rules: Rules) -> bool:
    best = likely[0]
    if best.score < rules.certain or (len(likely) > 1 and best.score - likely[1].score < rules.margin):
        return False
    agreeing = {sign.part: sign.how for sign in best.signs if sign.points > 0}
    if agreeing.get(Part.NUMBER) == How.SAME:
        return True
    return Part.NAME in agreeing and len(agreeing) >= 3
