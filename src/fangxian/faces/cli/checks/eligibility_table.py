"""The drawn table of schedules: who asks for what on which day, and what the desk must answer.

born; doses on record (I inactivated, A adenovirus, S subunit, X unknown, with their days); asked (a letter, or - for any);
the day; conditions (key, or key@since); outcome, reason or condition, number and role of the dose, vaccines, first day. `-` where there is nothing. The rules are those of the packs on the day.
"""

# ruff: noqa: E501 (a drawn table is as wide as its rows)

TABLE = """
# the first dose: ages as the packs opened them
1980-05-01 | -                                   | - | 2021-04-01 | -                       | ELIGIBLE DUE 1 PRIMARY I,A,S -
1980-05-01 | -                                   | S | 2021-04-01 | -                       | ELIGIBLE DUE 1 PRIMARY S -
2004-04-02 | -                                   | I | 2021-04-01 | -                       | NOT_YET TOO_YOUNG 1 PRIMARY I 2022-04-02
2004-04-02 | -                                   | I | 2021-07-01 | -                       | ELIGIBLE DUE 1 PRIMARY I -
2010-03-15 | -                                   | I | 2021-10-24 | -                       | NOT_YET TOO_YOUNG 1 PRIMARY I 2022-03-15
2010-03-15 | -                                   | I | 2021-10-25 | -                       | ELIGIBLE DUE 1 PRIMARY I -
2010-03-15 | -                                   | - | 2021-10-25 | -                       | ELIGIBLE DUE 1 PRIMARY I -
2010-03-15 | -                                   | S | 2021-10-25 | -                       | NOT_YET TOO_YOUNG 1 PRIMARY S 2028-03-15
2018-11-20 | -                                   | - | 2021-11-19 | -                       | NOT_YET TOO_YOUNG 1 PRIMARY I 2021-11-20
2018-11-20 | -                                   | - | 2021-11-20 | -                       | ELIGIBLE DUE 1 PRIMARY I -
2020-02-29 | -                                   | I | 2022-11-22 | -                       | NOT_YET TOO_YOUNG 1 PRIMARY I 2023-02-28
-          | -                                   | I | 2022-03-15 | -                       | UNSUITABLE NO_BIRTH_DATE 1 PRIMARY I,A,S -
1930-01-01 | -                                   | I | 2022-03-15 | -                       | ELIGIBLE DUE 1 PRIMARY I -
1980-05-01 | -                                   | X | 2022-03-15 | -                       | UNSUITABLE UNKNOWN_VACCINE 1 PRIMARY I,A,S -
# inactivated: two doses, three weeks apart, the second within eight weeks
1980-05-01 | I2021-06-01                         | I | 2021-06-21 | -                       | NOT_YET INTERVAL 2 PRIMARY I 2021-06-22
1980-05-01 | I2021-06-01                         | I | 2021-06-22 | -                       | ELIGIBLE DUE 2 PRIMARY I -
1980-05-01 | I2021-06-01                         | I | 2021-07-27 | -                       | ELIGIBLE DUE 2 PRIMARY I -
1980-05-01 | I2021-06-01                         | I | 2021-07-28 | -                       | ELIGIBLE LATE 2 PRIMARY I -
1980-05-01 | I2021-06-01                         | I | 2022-03-15 | -                       | ELIGIBLE LATE 2 PRIMARY I -
1980-05-01 | I2021-06-01                         | S | 2021-06-22 | -                       | UNSUITABLE OTHER_VACCINE 2 PRIMARY I -
1980-05-01 | I2021-06-01                         | - | 2021-06-10 | -                       | NOT_YET INTERVAL 2 PRIMARY I 2021-06-22
1980-05-01 | I2021-06-01 S2021-06-22             | I | 2021-07-12 | -                       | NOT_YET INTERVAL 2 PRIMARY I 2021-07-13
# days of grace: a dose seven days too early counts, one more day does not, and the interval runs anew
1980-05-01 | I2021-06-01 I2021-06-15             | I | 2021-07-20 | -                       | DONE COMPLETE 0 NONE - -
1980-05-01 | I2021-06-01 I2021-06-14             | I | 2021-07-04 | -                       | NOT_YET INTERVAL 2 PRIMARY I 2021-07-05
1980-05-01 | I2021-06-01 I2021-06-14             | I | 2021-07-05 | -                       | ELIGIBLE DUE 2 PRIMARY I -
1980-05-01 | X2021-05-01 I2021-06-01             | I | 2021-06-22 | -                       | ELIGIBLE DUE 2 PRIMARY I -
# adenovirus: one dose; subunit: three doses, four weeks apart, the third within six months
1980-05-01 | A2021-06-01                         | A | 2021-07-20 | -                       | DONE COMPLETE 0 NONE - -
1980-05-01 | S2021-06-01                         | S | 2021-06-28 | -                       | NOT_YET INTERVAL 2 PRIMARY S 2021-06-29
1980-05-01 | S2021-06-01 S2021-06-29             | S | 2021-07-27 | -                       | ELIGIBLE DUE 3 PRIMARY S -
1980-05-01 | S2021-06-01 S2021-06-28             | S | 2021-07-27 | -                       | ELIGIBLE DUE 2 PRIMARY S -
1980-05-01 | S2021-06-01 S2021-06-28             | S | 2021-07-28 | -                       | ELIGIBLE LATE 2 PRIMARY S -
1980-05-01 | S2021-06-01 S2021-06-29             | S | 2021-12-02 | -                       | ELIGIBLE LATE 3 PRIMARY S -
1980-05-01 | S2021-06-01 S2021-06-29 S2021-07-27 | S | 2021-10-01 | -                       | DONE COMPLETE 0 NONE - -
# boosters: six months, from 2021-10-26; three from 2022-11-14; a second one from 60 years
1980-05-01 | I2021-04-01 I2021-04-30             | I | 2021-10-25 | -                       | DONE COMPLETE 0 NONE - -
1980-05-01 | I2021-04-01 I2021-04-30             | I | 2021-10-29 | -                       | NOT_YET INTERVAL 3 BOOSTER I 2021-10-30
1980-05-01 | I2021-04-01 I2021-04-30             | I | 2021-10-30 | -                       | ELIGIBLE DUE 3 BOOSTER I -
1980-05-01 | I2021-05-01 I2021-08-31             | I | 2022-02-28 | -                       | ELIGIBLE DUE 3 BOOSTER I -
1980-05-01 | I2021-04-01 I2021-04-30             | S | 2022-02-18 | -                       | UNSUITABLE OTHER_VACCINE 3 BOOSTER I -
1980-05-01 | I2021-04-01 I2021-04-30             | S | 2022-02-19 | -                       | ELIGIBLE DUE 3 BOOSTER S -
1980-05-01 | I2021-04-01 I2021-04-30             | - | 2022-02-19 | -                       | ELIGIBLE DUE 3 BOOSTER I,S,A -
1980-05-01 | A2021-06-01                         | A | 2021-12-01 | -                       | ELIGIBLE DUE 2 BOOSTER A -
1980-05-01 | A2021-06-01                         | I | 2022-03-15 | -                       | UNSUITABLE OTHER_VACCINE 2 BOOSTER A -
2008-03-15 | I2021-08-01 I2021-08-22             | I | 2022-03-15 | -                       | NOT_YET TOO_YOUNG 3 BOOSTER I 2026-03-15
1980-05-01 | I2022-07-01 I2022-08-15             | I | 2022-11-13 | -                       | NOT_YET INTERVAL 3 BOOSTER I 2023-02-15
1980-05-01 | I2022-07-01 I2022-08-14             | I | 2022-11-14 | -                       | ELIGIBLE DUE 3 BOOSTER I -
1980-05-01 | I2021-04-01 I2021-04-30 I2021-11-01 | I | 2022-03-15 | -                       | DONE COMPLETE 0 NONE - -
1950-05-01 | I2021-04-01 I2021-04-30 I2021-11-01 | I | 2022-12-20 | -                       | ELIGIBLE DUE 4 BOOSTER I -
1980-05-01 | I2021-04-01 I2021-04-30 I2021-11-01 | I | 2022-12-20 | -                       | NOT_YET TOO_YOUNG 4 BOOSTER I 2040-05-01
1980-05-01 | I2021-04-01 I2021-04-30 I2021-10-22 | I | 2021-11-05 | -                       | NOT_YET INTERVAL 3 BOOSTER I 2021-11-12
1980-05-01 | I2021-04-01 I2021-04-30 I2021-10-23 | I | 2021-11-05 | -                       | DONE COMPLETE 0 NONE - -
# contraindications: for good, for a while, until it is over; the gravest is said
1980-05-01 | -                                   | I | 2022-03-15 | COMPONENT_ALLERGY       | CONTRAINDICATED COMPONENT_ALLERGY 1 PRIMARY I -
1980-05-01 | I2021-06-01                         | I | 2022-03-15 | SEVERE_REACTION         | CONTRAINDICATED SEVERE_REACTION 2 PRIMARY I -
1980-05-01 | -                                   | I | 2022-03-15 | NEUROLOGICAL            | CONTRAINDICATED NEUROLOGICAL 1 PRIMARY I -
1980-05-01 | -                                   | A | 2022-03-15 | WEAK_IMMUNITY           | CONTRAINDICATED WEAK_IMMUNITY 1 PRIMARY A -
1980-05-01 | -                                   | I | 2022-03-15 | WEAK_IMMUNITY           | ELIGIBLE DUE 1 PRIMARY I -
1980-05-01 | -                                   | - | 2022-03-15 | WEAK_IMMUNITY           | ELIGIBLE DUE 1 PRIMARY I,S -
1980-05-01 | -                                   | I | 2022-03-15 | FEVER                   | CONTRAINDICATED FEVER 1 PRIMARY I -
1980-05-01 | -                                   | I | 2022-03-15 | PREGNANCY               | CONTRAINDICATED PREGNANCY 1 PRIMARY I -
1980-05-01 | -                                   | I | 2022-03-15 | OTHER_VACCINE@2022-03-02| CONTRAINDICATED OTHER_VACCINE 1 PRIMARY I 2022-03-16
1980-05-01 | -                                   | I | 2022-03-16 | OTHER_VACCINE@2022-03-02| ELIGIBLE DUE 1 PRIMARY I -
1980-05-01 | -                                   | I | 2022-03-15 | IMMUNOGLOBULIN          | CONTRAINDICATED IMMUNOGLOBULIN 1 PRIMARY I 2022-04-14
1980-05-01 | -                                   | I | 2022-03-15 | INFECTED@2021-12-01     | CONTRAINDICATED INFECTED 1 PRIMARY I 2022-05-30
1980-05-01 | I2022-03-10                         | I | 2022-03-15 | OTHER_VACCINE@2022-03-12| CONTRAINDICATED OTHER_VACCINE 2 PRIMARY I 2022-03-31
1980-05-01 | -                                   | I | 2022-03-15 | FEVER COMPONENT_ALLERGY | CONTRAINDICATED COMPONENT_ALLERGY 1 PRIMARY I -
1980-05-01 | -                                   | I | 2022-03-15 | OTHER_VACCINE FEVER     | CONTRAINDICATED FEVER 1 PRIMARY I -
1980-05-01 | A2021-06-01                         | A | 2021-07-20 | FEVER                   | DONE COMPLETE 0 NONE - -
1980-05-01 | -                                   | I | 2022-03-15 | HAY_FEVER               | ELIGIBLE DUE 1 PRIMARY I -
"""
