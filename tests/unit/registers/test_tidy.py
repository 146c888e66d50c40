"""What people and Excel write → what a form field reads."""

from datetime import date, datetime, time
from decimal import Decimal

import pytest
from django import forms
from django.core.exceptions import ValidationError

from fangxian.registers.tidy import tidy
from fangxian.systems.people.models import Person

TEXT, DAY, MOMENT = forms.CharField(), forms.DateField(), forms.DateTimeField()
SEX = forms.ChoiceField(choices=Person.Sex.choices)
FLAG = forms.BooleanField(required=False)


@pytest.mark.parametrize(
    ("field", "cell", "read"),
    [
        (TEXT, None, ""),
        (TEXT, "　张伟 ", "张伟"),
        (TEXT, "１２３ＡＢ", "123AB"),
        (TEXT, 5.0, "5"),
        (TEXT, 5.5, "5.5"),
        (TEXT, 7, "7"),
        (TEXT, Decimal("12"), "12"),
        (TEXT, True, "true"),
        (TEXT, False, "false"),
        (TEXT, date(2022, 3, 5), "2022-03-05"),
        (TEXT, time(8, 5), "08:05:00"),
        (DAY, "2022-03-05", date(2022, 3, 5)),
        (DAY, "2022/3/5", date(2022, 3, 5)),
        (DAY, "2022.3.5", date(2022, 3, 5)),
        (DAY, "2022年3月5日", date(2022, 3, 5)),
        (DAY, "20220305", date(2022, 3, 5)),
        (DAY, "5-Mar-22", date(2022, 3, 5)),
        (DAY, "8-Jun-2014", date(2014, 6, 8)),
        (DAY, 44625, date(2022, 3, 5)),
        (DAY, 44625.5, date(2022, 3, 5)),
        (DAY, "44625", date(2022, 3, 5)),
        (DAY, datetime(2022, 3, 5, 8), date(2022, 3, 5)),
        (DAY, date(2022, 3, 5), date(2022, 3, 5)),
        (DAY, "yesterday", "yesterday"),
        (MOMENT, "2022-03-05 8:05", datetime(2022, 3, 5, 8, 5)),
        (MOMENT, "2022/3/5 18:05:30", datetime(2022, 3, 5, 18, 5, 30)),
        (MOMENT, 44625.25, datetime(2022, 3, 5, 6)),
        (SEX, "MALE", "MALE"),
        (SEX, "male", "MALE"),
        (SEX, "Female", "FEMALE"),
        (SEX, "other", "other"),
        (SEX, "", ""),
        (FLAG, "是", "true"),
        (FLAG, "No", ""),
        (FLAG, "", ""),
        (FLAG, True, "true"),
    ],
)
def test_cells_are_read(field, cell, read):
    assert tidy(field, cell) == read


@pytest.mark.parametrize(
    ("field", "cell"),
    [(TEXT, 4.10883199001011e17), (TEXT, 410883199001011237), (DAY, 5), (DAY, "2022-13-40"), (FLAG, "vielleicht")],
)
def test_what_cannot_be_believed_is_refused(field, cell):
    with pytest.raises(ValidationError):
        tidy(field, cell)


def test_other_words_for_a_choice():
    assert tidy(SEX, "M", {"m": "MALE"}) == "MALE"
