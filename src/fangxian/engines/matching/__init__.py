"""Matching of persons: several lists in, one person out, each match with its reasons.

Text similarity is a trap with Chinese names: no slip of one character reaches its thresholds, every namesake does. So
the identity number comes first, repaired where its check character says that it is wrong; then phone, door and birth
date; names are compared by sound and shape only inside such blocks. The engine sees tokens instead of numbers, phones
and addresses: it works on an encrypted store without opening it.
"""

from fangxian.engines.matching.comparing import compare
from fangxian.engines.matching.deciding import decide
from fangxian.engines.matching.doors import door
from fangxian.engines.matching.model import Entry, How, Known, Match, Part, Rules, Sign, Slip, State, Verdict
from fangxian.engines.matching.numbers import readings
from fangxian.engines.matching.pairs import pairs

__all__ = [
    "Entry", "How", "Known", "Match", "Part", "Rules", "Sign", "Slip", "State", "Verdict", "compare", "decide", "door",
    "pairs", "readings",
]  # fmt: skip
