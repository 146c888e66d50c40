from tests.spec.tracing.scenario import Scenario

TITLE = "Where they caught it"
TEXT = (
    "Several cases, each with the time in which it may have been infected. A place is a possible source when more of "
    "them were there than the visits of everybody would bring: of 11 visits that day 3 were to Canton, so of the 6 "
    "stays of the cases chance would bring 6 x 3 / 11 = 1.64 there. A day is drawn as its number after the first."
)

CASES = """
case | person | from  | to
1    | A      | 00:00 | +5 00:00
2    | B      | 00:00 | +5 00:00
3    | C      | 00:00 | +5 00:00
"""
DINNER = """
person | place  | from  | to
A      | canton | 18:00 | 20:00
B      | canton | 18:30 | 20:30
C      | canton | 19:00 | 19:30
A      | mart   | 10:00 | 11:00
B      | mart   | 12:00 | 13:00
C      | mart   | 15:00 | 16:00
D      | mart   | 08:00 | 09:00
E      | mart   | 09:00 | 10:00
F      | mart   | 13:00 | 14:00
G      | mart   | 16:00 | 17:00
H      | mart   | 17:00 | 18:00
"""
LIFT = """
person | place | from  | to
A      | lift  | 08:00 | 08:10
B      | lift  | 12:00 | 12:10
C      | lift  | 18:00 | 18:10
D      | mart  | 08:00 | 09:00
E      | mart  | 09:00 | 10:00
"""
MARKET = """
person | place  | from     | to
A      | market | 10:00    | 11:00
B      | market | +1 10:00 | +1 11:00
C      | market | +2 10:00 | +2 11:00
A      | bank   | +1 09:00 | +1 09:30
B      | bank   | 09:00    | 09:30
C      | bank   | 09:00    | 09:30
D      | bank   | 10:00    | 10:30
E      | bank   | +1 10:00 | +1 10:30
F      | bank   | +2 10:00 | +2 10:30
"""
COLLEAGUES = """
person | place  | from     | to
A      | plant  | 08:00    | 16:00
B      | plant  | 08:00    | 16:00
C      | plant  | 08:00    | 16:00
A      | plant  | +1 08:00 | +1 16:00
B      | plant  | +1 08:00 | +1 16:00
C      | plant  | +1 08:00 | +1 16:00
A      | plant  | +2 08:00 | +2 16:00
B      | plant  | +2 08:00 | +2 16:00
C      | plant  | +2 08:00 | +2 16:00
A      | canton | +2 18:00 | +2 20:00
B      | canton | +2 18:30 | +2 20:30
C      | canton | +2 19:00 | +2 19:30
D      | mart   | 10:00    | 11:00
E      | mart   | +1 10:00 | +1 11:00
F      | mart   | +2 10:00 | +2 11:00
G      | mart   | +2 11:00 | +2 12:00
"""

SCENARIOS = [
    Scenario(
        title="More than chance would bring",
        text="All three cases were at Canton and all three at the mart. To the mart went 8 of the 11 visits, so 4.36 "
        "of the 6 stays were to be expected there: it is no source. At Canton all three sat together from 19:00 on.",
        visits=DINNER,
        cases=CASES,
        question="sources",
        expected="""
place_id | cases | regulars | days | expected | llr  | best_day | peak | peak_at
canton   | 3     | 0        | 1    | 1.64     | 0.45 | 0        | 3    | 19:00
""",
    ),
    Scenario(
        title="Who they are",
        text="The cases of every listed place are named, with the stays there and the first moment.",
        visits=DINNER,
        cases=CASES,
        question="sources",
        part="cases",
        expected="""
place_id | case_id | visits | first_at | regular
canton   | 1       | 1      | 18:00    | 0
canton   | 2       | 1      | 18:30    | 0
canton   | 3       | 1      | 19:00    | 0
""",
    ),
    Scenario(
        title="Only inside the windows",
        text="Case 3 cannot have been infected after 18:00, and with two cases Canton is no longer shared by three.",
        visits=DINNER,
        cases="""
case | person | from  | to
1    | A      | 00:00 | +5 00:00
2    | B      | 00:00 | +5 00:00
3    | C      | 00:00 | 18:00
""",
        question="sources",
        expected="place_id | cases",
    ),
    Scenario(
        title="At least so many cases",
        text="With k = 2 two are enough. Of 5 stays chance would bring 1.36 to Canton.",
        visits=DINNER,
        cases="""
case | person | from  | to
1    | A      | 00:00 | +5 00:00
2    | B      | 00:00 | +5 00:00
3    | C      | 00:00 | 18:00
""",
        question="sources",
        asks={"k": 2},
        expected="""
place_id | cases | expected | llr  | peak | peak_at
canton   | 2     | 1.36     | 0.13 | 2    | 18:30
""",
    ),
    Scenario(
        title="At the same time",
        text="Three cases used the lift, each alone. They did not infect each other there, and nobody infected all of "
        "them at once.",
        visits=LIFT,
        cases=CASES,
        question="sources",
        expected="place_id | cases",
    ),
    Scenario(
        title="Or one after the other",
        text="A handrail or a counter needs nobody at the same time: a peak of one is enough.",
        visits=LIFT,
        cases=CASES,
        question="sources",
        asks={"min_peak": 1},
        expected="""
place_id | cases | expected | llr  | peak | peak_at
lift     | 3     | 1.80     | 0.33 | 1    | 08:00
""",
    ),
    Scenario(
        title="Who leaves has left",
        text="B came to the lift in the second A left it, C in the second B left: never more than one.",
        visits="""
person | place | from  | to
A      | lift  | 08:00 | 08:10
B      | lift  | 08:10 | 08:20
C      | lift  | 08:20 | 08:30
D      | mart  | 08:00 | 09:00
""",
        cases=CASES,
        question="sources",
        asks={"min_peak": 1},
        expected="""
place_id | cases | peak | peak_at
lift     | 3     | 1    | 08:00
""",
    ),
    Scenario(
        title="A market of several days",
        text="One case a day says little: on no day is the market far beyond chance. All days together say more, and "
        "the greater figure is the place's.",
        visits=MARKET,
        cases=CASES,
        question="sources",
        asks={"min_peak": 1},
        expected="""
place_id | cases | days | expected | llr  | best_day
market   | 3     | 3    | 1.92     | 0.26 | 2
""",
    ),
    Scenario(
        title="Its days",
        text="",
        visits=MARKET,
        cases=CASES,
        question="sources",
        part="days",
        asks={"min_peak": 1},
        expected="""
place_id | day | cases | visits | expected | llr
market   | 0   | 1     | 1      | 0.75     | 0.04
market   | 1   | 1     | 1      | 0.67     | 0.07
market   | 2   | 1     | 1      | 0.50     | 0.19
""",
    ),
    Scenario(
        title="Where they work is no news",
        text="A, B and C meet at the plant every day: they are its regulars, and their stays there do not count, here "
        "nor in what chance would bring.",
        visits=COLLEAGUES,
        cases=CASES,
        question="sources",
        expected="""
place_id | cases | days | expected | llr  | best_day
canton   | 3     | 1    | 1.12     | 1.07 | 2
""",
    ),
    Scenario(
        title="But it is said",
        text="An outbreak at a workplace is one of its regulars. Places that k cases share as their usual one are told "
        "apart from the ranking.",
        visits=COLLEAGUES,
        cases=CASES,
        question="sources",
        part="usual",
        expected="""
place_id | regulars
plant    | 3
""",
    ),
    Scenario(
        title="With the regulars",
        text="Every day at the plant is as far beyond chance as the dinner, and the ranking says nothing.",
        visits=COLLEAGUES,
        cases=CASES,
        question="sources",
        asks={"subtract_regulars": False},
        expected="""
place_id | cases | regulars | days
canton   | 3     | 0        | 1
plant    | 3     | 0        | 3
""",
    ),
    Scenario(
        title="A regular among guests",
        text="D serves at Canton every day. As a case D is a regular there and does not count; the guests do.",
        visits="""
person | place  | from     | to
A      | canton | +1 18:00 | +1 20:00
B      | canton | +1 18:30 | +1 20:30
C      | canton | +1 19:00 | +1 19:30
D      | canton | 10:00    | 20:00
D      | canton | +1 10:00 | +1 20:00
D      | canton | +2 10:00 | +2 20:00
E      | mart   | +1 09:00 | +1 10:00
F      | mart   | +1 10:00 | +1 11:00
""",
        cases="""
case | person | from  | to
1    | A      | 00:00 | +5 00:00
2    | B      | 00:00 | +5 00:00
3    | C      | 00:00 | +5 00:00
4    | D      | 00:00 | +5 00:00
""",
        question="sources",
        part="cases",
        expected="""
place_id | case_id | visits | first_at | regular
canton   | 1       | 1      | +1 18:00 | 0
canton   | 2       | 1      | +1 18:30 | 0
canton   | 3       | 1      | +1 19:00 | 0
canton   | 4       | 3      | 10:00    | 1
""",
    ),
]
