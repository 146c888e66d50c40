"""The peer: a DuckDB join over plain columns in memory, Jaro-Winkler on names inside blocks, as linkage tools do it.

It sees what ours may not: plain numbers and phones. Its blocks are equal number, equal phone, equal birth date; a pair
scores by weights of equal columns and by name similarity, the best pair of a row decides.
"""

import time
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from fangxian.faces.cli.checks.matching_truth import Human, Line


@dataclass
class Result:
    """What one peer made of the list."""

    name: str
    seconds: float
    cpu: float
    matched: int
    right: int
    known: int

    @property
    def precision(self) -> float:
        """Share of the matched rows that are the person meant."""
        return self.right / self.matched if self.matched else 0.0

    @property
    def recall(self) -> float:
        """Share of the rows of people on record that were matched to them."""
        return self.right / self.known


SCORED = """
with pairs as (
    select l.row, p.id, p.name as p_name, l.name as l_name, l.number = p.number and l.number <> '' as by_number,
        l.phone = p.phone and l.phone <> '' as phone, l.birth = p.birth and l.birth <> '' as birth
    from l join p on l.number = p.number and l.number <> ''
    union all
    select l.row, p.id, p.name, l.name, false, true, l.birth = p.birth and l.birth <> ''
    from l join p on l.phone = p.phone and l.phone <> ''
    union all
    select l.row, p.id, p.name, l.name, false, l.phone = p.phone and l.phone <> '', true
    from l join p on l.birth = p.birth and l.birth <> ''
), scored as (
    select row, id, by_number, jaro_winkler_similarity(p_name, l_name) as near,
        20 * by_number::int + 5 * phone::int + 8 * birth::int + 8 * (p_name = l_name)::int as score
    from pairs
)
select row, arg_max(id, score + near) as id from scored where by_number or near >= {least} group by row
"""
EXACT = """
select row, min(id) as id from (
    select l.row, p.id from l join p on l.number = p.number and l.number <> ''
    union all
    select l.row, p.id from l join p on l.name = p.name and l.birth = p.birth and l.birth <> ''
) group by row having count(distinct id) = 1
"""
PEERS = {
    "DuckDB, Jaro-Winkler ≥ 0.88 inside blocks": SCORED.format(least=0.88),
    "DuckDB, Jaro-Winkler ≥ 0.65 inside blocks": SCORED.format(least=0.65),
    "exact number, else exact name and birth date": EXACT,
}


def run(people: list[Human], lines: list[Line]) -> list[Result]:
    """Every peer over the same people and rows."""
    store = duckdb.connect(config={"threads": 2})
    store.register("people", _people(people))
    store.register("listed", _listed(lines))
    store.execute("create table p as select * from people; create table l as select * from listed")
    return [_asked(store, name, query, lines) for name, query in PEERS.items()]


def _asked(store: duckdb.DuckDBPyConnection, name: str, query: str, lines: list[Line]) -> Result:
    began, cpu = time.perf_counter(), time.process_time()
    found = store.execute(query).fetchall()
    spent, used = time.perf_counter() - began, time.process_time() - cpu
    known = sum(line.means >= 0 for line in lines)
    right = sum(lines[row].means == who for row, who in found)
    return Result(name, spent, used, len(found), right, known)


def _people(people: list[Human]) -> pa.Table:
    return pa.table({
        "id": range(len(people)), "name": [one.name for one in people], "phone": [one.phone for one in people],
        "number": [one.number if one.is_numbered else "" for one in people],
        "birth": [one.birth.isoformat() for one in people],
    })  # fmt: skip


def _listed(lines: list[Line]) -> pa.Table:
    columns = ("name", "number", "phone", "birth")
    return pa.table({"row": range(len(lines))} | {name: [getattr(one, name) for one in lines] for name in columns})
