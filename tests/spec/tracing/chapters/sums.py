from tests.spec.tracing.scenario import Scenario

TITLE = "What is summed"
TEXT = "A contact is one row, however often and wherever the two met."

VISITS = """
person | place  | from  | to
A      | bank   | 08:00 | 09:00
A      | canton | 10:00 | 11:00
A      | mart   | 14:00 | 15:00
B      | bank   | 08:50 | 09:30
B      | canton | 10:00 | 10:20
B      | mart   | 14:45 | 16:00
C      | bank   | 08:30 | 09:00
C      | canton | 10:30 | 11:00
D      | mart   | 14:59 | 16:00
"""
CASES = """
case | person | from  | to
1    | A      | 00:00 | +1 00:00
"""

SCENARIOS = [
    Scenario(
        title="Several places",
        text="B met A at three places, longest at Canton. C was equally long at two: the lowest place id is named, "
        "here the first in the alphabet.",
        visits=VISITS,
        cases=CASES,
        expected="""
case_id | person_id | meetings | overlap_s | first_at | last_at | places | top_place_id
1       | B         | 3        | 45m       | 08:50    | 14:45   | 3      | canton
1       | C         | 2        | 1h        | 08:30    | 10:30   | 2      | bank
1       | D         | 1        | 1m        | 14:59    | 14:59   | 1      | mart
""",
    ),
    Scenario(
        title="The top place is the one with the most time, not the longest meeting",
        text="Twice 20 minutes at the mart are more than 30 at the bank.",
        visits="""
person | place | from  | to
A      | bank  | 08:00 | 09:00
A      | mart  | 10:00 | 11:00
A      | mart  | 14:00 | 15:00
B      | bank  | 08:00 | 08:30
B      | mart  | 10:00 | 10:20
B      | mart  | 14:00 | 14:20
""",
        cases=CASES,
        expected="""
case_id | person_id | meetings | overlap_s | places | top_place_id
1       | B         | 3        | 1h10m     | 2      | mart
""",
    ),
    Scenario(
        title="At least so long together",
        text="The threshold is on the sum over all meetings: B never met A for longer than 20 minutes at a time.",
        visits=VISITS,
        cases=CASES,
        asks={"min_overlap": "45m"},
        expected="""
case_id | person_id | meetings | overlap_s
1       | B         | 3        | 45m
1       | C         | 2        | 1h
""",
    ),
    Scenario(
        title="Without a place",
        text="Meetings at Canton are left out.",
        visits=VISITS,
        cases=CASES,
        asks={"places": ("without", ["canton"])},
        expected="""
case_id | person_id | meetings | overlap_s | places | top_place_id
1       | B         | 2        | 25m       | 2      | mart
1       | C         | 1        | 30m       | 1      | bank
1       | D         | 1        | 1m        | 1      | mart
""",
    ),
    Scenario(
        title="Only some places",
        text="",
        visits=VISITS,
        cases=CASES,
        asks={"places": ("only", ["bank", "mart"])},
        expected="""
case_id | person_id | meetings | overlap_s
1       | B         | 2        | 25m
1       | C         | 1        | 30m
1       | D         | 1        | 1m
""",
    ),
]
