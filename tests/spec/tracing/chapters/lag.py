from tests.spec.tracing.scenario import Scenario

TITLE = "After the case has left"
TEXT = "With a lag, who enters within it after the case has left counts as well: air and surfaces keep a while."

VISITS = """
person | place | from     | to
A      | lift  | 08:00    | 08:10
B      | lift  | 08:05    | 08:20
C      | lift  | 08:10    | 08:15
D      | lift  | 08:39:59 | 08:45
E      | lift  | 08:40    | 08:45
F      | lift  | 07:50    | 08:00
"""
CASES = """
case | person | from  | to
1    | A      | 00:00 | +1 00:00
"""

SCENARIOS = [
    Scenario(
        title="Without a lag",
        text="Only B was there together with A.",
        visits=VISITS,
        cases=CASES,
        expected="""
case_id | person_id | meetings | overlap_s | lag_meetings
1       | B         | 1        | 5m        | 0
""",
    ),
    Scenario(
        title="A lag of half an hour",
        text="C came as A left, D in the last second of the lag, E as it ended; F left before A came, which a "
        "lag never reaches. "
        "Meetings without a common second are counted in lag_meetings.",
        visits=VISITS,
        cases=CASES,
        asks={"lag": "30m"},
        expected="""
case_id | person_id | meetings | overlap_s | lag_meetings | first_at
1       | B         | 1        | 5m        | 0            | 08:05
1       | C         | 1        | 0         | 1            | 08:10
1       | D         | 1        | 0         | 1            | 08:39:59
""",
    ),
    Scenario(
        title="The lag runs on after the window",
        text="A's window closed at 8:05 while A was in the lift; the air is counted from then.",
        visits=VISITS,
        cases="""
case | person | from  | to
1    | A      | 00:00 | 08:05
""",
        asks={"lag": "6m"},
        expected="""
case_id | person_id | overlap_s | lag_meetings
1       | B         | 0         | 1
1       | C         | 0         | 1
""",
    ),
    Scenario(
        title="Meetings with and without the lag add up",
        text="",
        visits="""
person | place | from  | to
A      | lift  | 08:00 | 08:10
A      | lift  | 12:00 | 12:10
B      | lift  | 08:12 | 08:20
B      | lift  | 12:08 | 12:20
""",
        cases=CASES,
        asks={"lag": "5m"},
        expected="""
case_id | person_id | meetings | overlap_s | lag_meetings | first_at | last_at
1       | B         | 2        | 2m        | 1            | 08:12    | 12:08
""",
    ),
]
