"""Whether a day without rows is a zero or a silence, where nobody is asked to say "none today".

Told from how often whoever reports usually has something. A clinic that sees somebody on nearly every day says
something when it says nothing; one that sees somebody once a week does not.
"""

import numpy as np

from fangxian.engines.surveillance.panel import Bools


def silences(spoke: Bools, *, days: int = 28, share: float = 0.5, chance: float = 0.05) -> Bools:
    """The days of silence of many who report; S × T.

    spoke   S × T, whether anything at all was said on a day
    days    newest days up to the last word in which the usual is counted
    share   least share of those days with a word: below it every day without one is a zero
    chance  a run of days without a word that is less likely than this is a silence, from its first day to its last

    A run of n days has the chance (1 − u)ⁿ, u being days with a word over `days` + 1: whoever always speaks is silent
    on the first day, whoever rests at weekends only with a third one. Nothing is a silence before the first word.
    Source: own rule; the run is that of independent days.
    """
    length = spoke.shape[1]
    at = np.arange(length)
    last = np.maximum.accumulate(np.where(spoke, at, -1), axis=1)
    following = np.minimum.accumulate(np.where(spoke, at, length)[:, ::-1], axis=1)[:, ::-1]
    words = np.concatenate([np.zeros((len(spoke), 1), dtype=np.int64), np.cumsum(spoke, axis=1)], axis=1)
    said = np.take_along_axis(words, last + 1, axis=1) - np.take_along_axis(
        words, np.maximum(0, last + 1 - days), axis=1
    )
    unlikely = (following - last - 1) * np.log1p(-said / (days + 1)) < np.log(chance)
    return np.asarray(~spoke & (last >= 0) & (said >= share * days) & unlikely)
