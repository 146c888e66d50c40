from tests.spec.tracing.scenario import Scenario

TITLE = "What a question reads"
TEXT = (
    "`explain` runs a question and counts: which engine answers and why, the segments of the days asked for, and the "
    "rows and bytes read there. The engine is `segments` wherever there are any, `duckdb` for a store of files only, "
    "`numba` for very many cases where it is installed, and whatever the caller names."
)

VISITS = """
person | place | from     | to
A      | mart  | 08:00    | 09:00
A      | bank  | +1 10:00 | +1 11:00
B      | mart  | 08:30    | 09:30
C      | mart  | 12:00    | 13:00
D      | mart  | +1 09:00 | +1 10:00
B      | gym   | 18:00    | 19:00
E      | gym   | 18:00    | 19:00
F      | zoo   | 10:00    | 11:00
"""
CASES = """
case | person | from  | to
1    | A      | 00:00 | +2 00:00
"""

SCENARIOS = [
    Scenario(
        title="A trace",
        text="A's own two rows, and of the mart and the bank the rows that can reach into A's stays: those of A and B "
        "at the mart, and A's at the bank. C and D came later, and nobody looks at the gym or the zoo.",
        visits=VISITS,
        cases=CASES,
        question="explain",
        expected="""
question | engine   | why      | rows | segments | files | rows_touched | bytes_touched
trace    | segments | segments | 8    | 1        | 0     | 5            | 60
""",
    ),
    Scenario(
        title="A second degree",
        text="What the trace reads, B's own two rows, and what B met from 08:30 on: two rows at the mart and two "
        "at the gym.",
        visits=VISITS,
        cases=CASES,
        question="explain",
        asks={"question": "trace_chain", "expand_min_overlap": "15m"},
        expected="""
question    | engine   | why      | rows_touched
trace_chain | segments | segments | 11
""",
    ),
    Scenario(
        title="A source search",
        text="A's own two rows, and as this store keeps no counts by place and day, all eight for them.",
        visits=VISITS,
        cases=CASES,
        question="explain",
        asks={"question": "sources"},
        expected="""
question | engine   | why      | rows_touched
sources  | segments | segments | 10
""",
    ),
    Scenario(
        title="An engine that does not count",
        text="Of an engine asked for by name that cannot count, all there is to read is told: an upper bound.",
        visits=VISITS,
        cases=CASES,
        question="explain",
        asks={"engine": "reference"},
        expected="""
question | engine    | why   | rows_touched
trace    | reference | named | 8
""",
    ),
]
