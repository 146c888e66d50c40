"""First start: no account exists; a code that is shown once makes the first one."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from fangxian.core import clock, setup
from fangxian.core.officers import Officer
from fangxian.core.setup import SetupCode

GOOD = {"username": "chief", "name": "李主任", "password": "a long enough phrase"}


def test_the_code_makes_one_system_administrator(county):
    assert setup.is_open() and not Officer.objects.exists()
    code = setup.issue_code()
    assert setup.code_is_valid(code) and setup.code_is_valid(code.lower())
    officer = setup.create_first_officer(code, **GOOD)
    assert [post.role for post in officer.current_posts] == ["system_admin"]
    assert officer.check_password(GOOD["password"])
    assert not setup.is_open() and not setup.code_is_valid(code)
    with pytest.raises(ValidationError):
        setup.create_first_officer(code, **{**GOOD, "username": "second"})


def test_a_code_ends_after_15_minutes_and_with_the_next_one(county, frozen):
    first = setup.issue_code()
    second = setup.issue_code()
    assert not setup.code_is_valid(first) and setup.code_is_valid(second)
    with clock.frozen(frozen + timedelta(minutes=15)):
        assert not setup.code_is_valid(second)
    assert "2022-03-15" in str(SetupCode.objects.get())


@pytest.mark.parametrize("bad", [{"password": "short"}, {"username": ""}, {"name": ""}])
def test_a_bad_answer_makes_nothing_and_leaves_the_code(county, bad):
    code = setup.issue_code()
    with pytest.raises(ValidationError):
        setup.create_first_officer(code, **{**GOOD, **bad})
    assert setup.is_open() and setup.code_is_valid(code)


def test_the_code_is_not_stored(county):
    code = setup.issue_code()
    assert code not in str(SetupCode.objects.values().get())
