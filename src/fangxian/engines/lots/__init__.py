"""Where goods went and where they came from: lots over places in time, followed down and up.

`model` says what a movement, a question and an answer are; `reference` is the definition, slow and plain; `arrays` is
the fast one over sorted columns. The same tables of `tests/spec` and Hypothesis hold the two together; `docs/goods.md`
says it in words.
"""

from fangxian.engines.lots.arrays import LotGraph
from fangxian.engines.lots.model import ANYWHERE, NONE, Answer, Direction, Movements, Reached, Seed
from fangxian.engines.lots.reference import follow

__all__ = ["ANYWHERE", "NONE", "Answer", "Direction", "LotGraph", "Movements", "Reached", "Seed", "follow"]
