"""Dates, counts and fields the way both kinds of readers expect them."""

from datetime import UTC, date, datetime

import pytest
from django import forms
from django.template import Context, Template
from django.utils import translation

from fangxian.faces.web.templatetags import shell

EVENING = datetime(2026, 11, 21, 16, 5, tzinfo=UTC)  # past midnight in Beijing


@pytest.mark.parametrize(
    ("language", "day", "moment"),
    [("zh-hans", "2026年11月22日", "2026年11月22日 00:05"), ("en", "22 Nov 2026", "22 Nov 2026, 00:05")],
)
def test_dates_follow_the_language_and_the_time_zone(language, day, moment):
    with translation.override(language):
        assert (shell.day(EVENING), shell.moment(EVENING)) == (day, moment)


def test_a_day_is_a_day_and_nothing_is_nothing():
    with translation.override("en"):
        assert shell.day(date(2022, 3, 1)) == "1 Mar 2022"
    assert shell.day(None) == shell.moment("") == shell.grouped(None) == ""


@pytest.mark.parametrize(("total", "shown"), [(0, "0"), (10_000, "10,000"), (10_001, "10,000+"), (None, "10,000+")])
def test_counts_stop_at_ten_thousand(total, shown):
    assert shell.bounded(total) == shown


def test_numbers_are_grouped_and_languages_named_for_html():
    assert shell.grouped(1234567) == "1,234,567"
    assert (shell.html_lang("zh-hans"), shell.html_lang("en")) == ("zh-Hans", "en")


class Example(forms.Form):
    name = forms.CharField(help_text="As on the card.", widget=forms.TextInput(attrs={"class": "wide"}))
    kind = forms.ChoiceField(choices=[("a", "A")])
    risk = forms.ChoiceField(choices=[("h", "H")], widget=forms.RadioSelect)
    sure = forms.BooleanField()
    token = forms.CharField(widget=forms.HiddenInput, required=False)


def draw(form: forms.Form) -> str:
    return Template("{% include 'shell/form.html' %}").render(Context({"form": form}))


def test_fields_carry_their_label_hint_and_look():
    drawn = draw(Example())
    assert 'class="wide form-control"' in drawn
    assert 'aria-describedby="id_name_helptext"' in drawn
    assert 'class="form-select"' in drawn
    assert 'class="form-check-input"' in drawn
    assert "is-invalid" not in drawn
    assert drawn.count('type="hidden"') == 1


def test_wrong_fields_are_marked_and_described():
    drawn = draw(Example({"kind": "z"}))
    assert 'aria-describedby="id_name_helptext id_name_error"' in drawn
    assert 'id="id_kind_error"' in drawn
    assert drawn.count("is-invalid") == 3  # not the box around the radio buttons
    assert drawn.count('role="alert"') == 1
