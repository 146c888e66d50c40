"""The drawing at the head of transitions.py is the table."""

import pytest
from django.core.exceptions import ValidationError

from fangxian.systems.letters import transitions
from fangxian.systems.letters.models import Letter
from fangxian.systems.letters.transitions import TABLE, Verb, step

STATES = sorted(Letter.State.values, key=len, reverse=True)


def drawn() -> dict[tuple[str, str], str]:
    found, verb, to = {}, "", ""
    for line in (transitions.__doc__ or "").splitlines()[3:]:
        if not line.strip() or line.startswith("`"):
            continue
        if line[4:5].strip():
            verb = line.split()[0]
        states, target = line[17:57].split(), line[57:].split("(")[0].strip()
        to = target or to
        for state in states:
            found[state, verb] = state if verb in (Verb.SIGN, Verb.REMIND, Verb.CORRECT) else to
    return found


def test_the_drawing_is_the_table():
    assert drawn() == {(str(state), str(verb)): str(to) for (state, verb), to in TABLE.items()}


def test_what_is_not_drawn_is_refused_with_the_reason():
    with pytest.raises(ValidationError, match="does not allow this"):
        step(Letter(state=Letter.State.CLOSED), Verb.REMIND)
