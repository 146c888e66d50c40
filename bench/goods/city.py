"""A city's trade of seeded goods: lots come into stores, go on in parts, are split, merged, cut up and sold."""

import numpy as np

from fangxian.engines.lots import NONE, Movements

BEGIN = 1_640_995_200
DAYS = 180
PLACES = 20_000
STORES = 200
STEPS_A_LOT = 8
"""Movements that begin from one lot on the average."""
NEW_SHARE = 0.12
"""Share of movements that make another lot."""


def trade(rows: int, seed: int) -> Movements:
    """So many movements in time. Every movement leaves a holding that a movement before it made."""
    rng = np.random.default_rng(seed)
    lots = max(1, rows // (STEPS_A_LOT + 1))
    table = np.empty((rows, 8), dtype=np.int64)
    table[:, 0] = np.arange(rows)
    table[:, 5] = BEGIN + np.sort(rng.integers(0, DAYS * 86_400, rows))
    births = np.zeros(rows, dtype=bool)
    births[rng.choice(rows, lots - 1, replace=False)] = True
    births[0] = True
    back = rng.random(rows)
    goes = rng.integers(0, PLACES, rows)
    draws, sold, pieces = rng.random(rows), rng.random(rows) < 0.3, rng.integers(1, 50, rows)
    holding_lot, holding_place = np.empty(rows, dtype=np.int64), np.empty(rows, dtype=np.int64)
    open_, lot = 0, 0
    for row in range(rows):
        if births[row] or not open_:
            new = (lot, goes[row] % STORES)
            table[row, 1:5] = NONE, NONE, *new
            lot += 1
        else:
            # goods that came lately move most: four in five from the last thousand holdings
            reach = open_ if back[row] < 0.2 else min(open_, 1000)
            one = open_ - 1 - int(draws[row] * reach)
            here = holding_lot[one], holding_place[one]
            is_new = draws[row] < NEW_SHARE
            new = (lot if is_new else here[0], NONE if sold[row] and not is_new else goes[row])
            lot += is_new
            table[row, 1:5] = *here, *new
        if new[1] != NONE:
            holding_lot[open_], holding_place[open_] = new
            open_ += 1
        table[row, 6:8] = pieces[row], pieces[row]
    return _with_merges(rng, table)


def _with_merges(rng: np.random.Generator, table: np.ndarray) -> Movements:
    """One made lot in three takes from a second lot at the same place at the same moment."""
    made = np.flatnonzero((table[:, 1] != NONE) & (table[:, 1] != table[:, 3]))
    chosen = rng.choice(made, len(made) // 3, replace=False)
    others = rng.integers(0, chosen)
    second = table[chosen].copy()
    usable = (table[others, 3] != NONE) & (table[others, 4] != NONE) & (table[others, 3] != table[chosen, 3])
    second[:, 1:3] = table[others, 3:5]
    second = second[usable]
    second[:, 0] = np.arange(len(table), len(table) + len(second))
    return Movements(*np.concatenate([table, second]).T)


def positives(movements: Movements, count: int, seed: int) -> list[int]:
    """Lots to be recalled: received ones, drawn among those of the first half."""
    rng = np.random.default_rng(seed + 1)
    received = movements.lot_to[(movements.lot_from == NONE)]
    return np.sort(rng.choice(received[: len(received) // 2], count, replace=False)).tolist()
