"""The three steps of a trace as plain loops over arrays: what Numba compiles. They run uncompiled as well, slowly.

Every function stands alone (no calls to others of ours) and takes the arrays of an `Order`; `keys` is empty and
`listed` false where the number of a key is the key itself. Shapes: offsets (n_keys + 1,), entered, left, other (rows,).
"""

import numpy as np

from fangxian.engines.tracing.model import Int32Array, Int64Array


def find_stays(
    offsets: Int32Array,
    keys: Int32Array,
    listed: bool,
    entered: Int32Array,
    left: Int32Array,
    other: Int32Array,
    person: Int32Array,
    t0: Int32Array,
    t1: Int32Array,
) -> tuple[int, Int64Array, Int32Array, Int32Array, Int32Array]:
    """In one person order: rows read, then number of the case, place, and clipped time `[s, e)` of every stay.

    person, t0, t1: the windows, shape (cases,). The stays have one length and come case by case.
    """
    count, known = len(person), len(offsets) - 1
    low, high = np.zeros(count, dtype=np.int64), np.zeros(count, dtype=np.int64)
    for i in range(count):
        k = np.searchsorted(keys, person[i]) if listed else np.int64(person[i])
        if k < known and (not listed or keys[k] == person[i]):
            low[i], high[i] = offsets[k], offsets[k + 1]
    rows = (high - low).sum()
    case, place = np.empty(rows, dtype=np.int64), np.empty(rows, dtype=np.int32)
    s, e = np.empty(rows, dtype=np.int32), np.empty(rows, dtype=np.int32)
    kept = 0
    for i in range(count):
        for row in range(low[i], high[i]):
            if entered[row] < t1[i] and left[row] > t0[i]:
                case[kept], place[kept] = i, other[row]
                s[kept], e[kept] = max(entered[row], t0[i]), min(left[row], t1[i])
                kept += 1
    return rows, case[:kept], place[:kept], s[:kept], e[:kept]


def find_meetings(
    offsets: Int32Array,
    keys: Int32Array,
    listed: bool,
    entered: Int32Array,
    left: Int32Array,
    other: Int32Array,
    place: Int32Array,
    person: Int32Array,
    s: Int32Array,
    until: Int32Array,
    bounds: tuple[int, int, int],
    reach: int,
) -> tuple[int, Int64Array, Int32Array, Int32Array, Int32Array]:
    """In one place order: rows read, then number of the stay, other person, and when that person came and left.

    place, person, s, until: the stays, shape (stays,); who enters before `until` and leaves after `s` was met. bounds:
    first and last time of entry and last time of leaving in this segment. reach: nobody in it stayed over `reach + 1`.
    """
    first_entered, last_entered, last_left = bounds
    count, known = len(place), len(offsets) - 1
    low, high = np.zeros(count, dtype=np.int64), np.zeros(count, dtype=np.int64)
    for i in range(count):
        if until[i] <= first_entered or s[i] > last_entered + reach or s[i] >= last_left:
            continue
        k = np.searchsorted(keys, place[i]) if listed else np.int64(place[i])
        if k < known and (not listed or keys[k] == place[i]):
            a, b = offsets[k], offsets[k + 1]
            low[i] = a + np.searchsorted(entered[a:b], np.int64(s[i]) - reach)
            high[i] = a + np.searchsorted(entered[a:b], until[i])
    rows = np.maximum(high - low, 0).sum()
    stay, who = np.empty(rows, dtype=np.int64), np.empty(rows, dtype=np.int32)
    came, went = np.empty(rows, dtype=np.int32), np.empty(rows, dtype=np.int32)
    kept = 0
    for i in range(count):
        for row in range(low[i], high[i]):
            if left[row] > s[i] and other[row] != person[i]:
                stay[kept], who[kept], came[kept], went[kept] = i, other[row], entered[row], left[row]
                kept += 1
    return rows, stay[:kept], who[:kept], came[:kept], went[:kept]


def sum_up(
    order: Int64Array,
    starts: Int64Array,
    stay: Int64Array,
    entered: Int32Array,
    left: Int32Array,
    place: Int32Array,
    s: Int32Array,
    e: Int32Array,
) -> tuple[Int64Array, Int64Array, Int64Array, Int32Array, Int32Array, Int64Array, Int64Array]:
    """Contacts: meetings, overlap_s, lag_meetings, first_at, last_at, places, top place; shape (pairs,) each.

    order: the meetings contact by contact; starts: where each contact begins in it, then the end, shape (pairs + 1,).
    stay, entered, left: the meetings. place, s, e: the stays. Of places with equal seconds the lowest id is the top.
    """
    pairs = len(starts) - 1
    meetings, overlap, lagging = np.zeros(pairs, np.int64), np.zeros(pairs, np.int64), np.zeros(pairs, np.int64)
    first, last = np.empty(pairs, np.int32), np.empty(pairs, np.int32)
    places, top = np.zeros(pairs, np.int64), np.zeros(pairs, np.int64)
    most = 0
    for pair in range(pairs):
        most = max(most, starts[pair + 1] - starts[pair])
    seen, spent = np.empty(most, np.int64), np.empty(most, np.int64)
    for pair in range(pairs):
        found = 0
        for i in range(starts[pair], starts[pair + 1]):
            m = order[i]
            own = stay[m]
            begin = max(entered[m], s[own])
            seconds = max(min(left[m], e[own]) - begin, 0)
            if i == starts[pair]:
                first[pair], last[pair] = begin, begin
            first[pair], last[pair] = min(first[pair], begin), max(last[pair], begin)
            overlap[pair] += seconds
            lagging[pair] += seconds == 0
            number = 0
            while number < found and seen[number] != place[own]:
                number += 1
            if number == found:
                seen[found], spent[found] = place[own], 0
                found += 1
            spent[number] += seconds
        best = 0
        for number in range(1, found):
            if spent[number] > spent[best] or (spent[number] == spent[best] and seen[number] < seen[best]):
                best = number
        meetings[pair], places[pair], top[pair] = starts[pair + 1] - starts[pair], found, seen[best]
    return meetings, overlap, lagging, first, last, places, top


def add_links(
    parts: Int64Array,
    spans: Int64Array,
    keys: Int32Array,
    begin: Int64Array,
    end: Int64Array,
    entered: Int32Array,
    left: Int32Array,
    other: Int32Array,
    case: Int64Array,
    place: Int32Array,
    s: Int32Array,
    e: Int32Array,
    until: Int32Array,
    person: Int64Array,
    seconds: Int64Array,
    sums: Int64Array,
) -> None:
    """Meetings of contacts with others, added up in `sums`, one row of eight numbers an other person.

    parts: where each part begins in keys, then the end, shape (parts + 1,). spans: first and last entry and reach of a
    part, shape (parts, 3). keys, begin, end: the places of a part, ascending, and their rows in entered, left, other.
    case, place, s, e, until: the stays, contact by contact. person, seconds: of the contacts, by number.
    sums: paths, score, best, meetings, overlap, first, last (see `Links`), and -1 where the seconds
    with one contact go.
    """
    touched = np.empty(len(sums), np.int64)
    i = 0
    while i < len(case):
        contact, found = case[i], 0
        while i < len(case) and case[i] == contact:
            for p in range(len(parts) - 1):
                if until[i] <= spans[p, 0] or s[i] > spans[p, 1] + spans[p, 2]:
                    continue
                k = parts[p] + np.searchsorted(keys[parts[p] : parts[p + 1]], place[i])
                if k == parts[p + 1] or keys[k] != place[i]:
                    continue
                low = begin[k] + np.searchsorted(entered[begin[k] : end[k]], np.int64(s[i]) - spans[p, 2])
                high = begin[k] + np.searchsorted(entered[begin[k] : end[k]], until[i])
                for row in range(low, high):
                    if left[row] <= s[i]:
                        continue
                    who, came = other[row], max(entered[row], s[i])
                    together = max(min(left[row], e[i]) - came, 0)
                    if sums[who, 7] < 0:
                        touched[found], sums[who, 7] = who, 0
                        found += 1
                    sums[who, 7] += together
                    sums[who, 3] += 1
                    sums[who, 4] += together
                    sums[who, 5], sums[who, 6] = min(sums[who, 5], came), max(sums[who, 6], came)
            i += 1
        for n in range(found):
            who = touched[n]
            score = min(sums[who, 7], seconds[contact])
            sums[who, 0] += 1
            sums[who, 1] += score
            sums[who, 2] = max(sums[who, 2], (score << 31) | (2147483647 - person[contact]))
            sums[who, 7] = -1
