"""Which verb is allowed in which state, and who may: the drawing in the module is the manual, the table must be it."""

import pytest
from django.utils.translation import override

from fangxian.core.permissions import Refused
from fangxian.systems.command import transitions
from fangxian.systems.command.models import Task
from fangxian.systems.command.transitions import TABLE, Verb, Who, allowed, step, verbs
from tests.unit.command.conftest import CELL

DRAWN = """
              PENDING   IN_PROGRESS  DONE      NOT_EXECUTABLE  CHECKED  REMOVED
receive       holder    -            -         -               -        -
finish        holder    holder       -         -               -        -
cannot        holder    holder       -         -               -        -
check         -         -            giver     -               -        -
send_back     -         -            giver     giver           -        -
reassign      leader    leader       -         leader          -        -
withdraw      giver     giver        -         giver           -        -
"""


def cells():
    head, *rows = [line.split() for line in DRAWN.strip().splitlines()]
    return [(verb, state, who) for verb, *cells_ in rows for state, who in zip(head, cells_, strict=True)]


@pytest.mark.parametrize(("verb", "state", "who"), cells())
def test_the_table_is_the_one_drawn(verb, state, who):
    transition = TABLE.get((state, Verb(verb)))

    assert (transition.who if transition else "-") == who


def test_the_drawing_names_every_state_and_verb():
    drawn = {(state, verb) for verb, state, _who in cells()}

    assert drawn == {(state, verb) for state in Task.Status.values for verb in Verb}


def test_the_module_draws_the_same_table():
    lines = [line.split() for line in transitions.__doc__.splitlines() if line.startswith("    ") and line.strip()]
    drawn, verb = {}, ""
    for words in lines[1:]:
        if words[0] in {*Verb}:
            verb, words = words[0], words[1:]
            to, who = next((words[i], words[i + 1]) for i in range(len(words)) if words[i + 1] in set(Who) | {"giver,"})
            states = words[: words.index(to, 1 if words[0] == to else 0)]
            drawn[verb] = (set(states), to, who.strip(","))
        else:
            drawn[verb][0].update(words)
    table = {}
    for (state, name), transition in TABLE.items():
        table.setdefault(str(name), (set(), transition.to, transition.who))[0].add(state)
    assert drawn == table


def test_a_refusal_says_why(task, worker, county_officer, officer):
    handed = task()
    neighbour = officer("grid_worker", area="410883001212002")

    with override("en"):
        assert str(allowed(handed, Verb.RECEIVE, neighbour).reason) == "This task is for somebody else."
        reason = str(allowed(handed, Verb.CHECK, county_officer).reason)
        assert reason == "A task that is “Handed down” does not allow this."
    with pytest.raises(Refused):
        step(handed, Verb.WITHDRAW, worker)


def test_the_system_itself_is_only_bound_by_the_state(task):
    assert step(task(), Verb.WITHDRAW, None) == Task.Status.REMOVED
    with pytest.raises(Refused):
        step(task(status=Task.Status.REMOVED), Verb.WITHDRAW, None)


def test_the_holder_is_the_role_there_or_the_named_officer_or_the_command(task, worker, county_officer, officer):
    elsewhere = officer("grid_worker", area="410882001201")
    named = officer("sampler", area="410882")

    assert transitions.is_holder(task(), worker)
    assert not transitions.is_holder(task(), elsewhere)
    assert transitions.is_holder(task(role="", officer=named), named)
    assert not transitions.is_holder(task(role="", officer=named), county_officer)
    assert transitions.is_holder(task(officer=named), worker)  # the named one may be away
    assert transitions.is_holder(task(role=""), county_officer)
    assert not transitions.is_holder(task(role=""), worker)


def test_the_giver_commands_where_the_task_comes_from_the_leader_where_it_goes(task, area, county_officer, officer):
    town = officer("township_officer", area="410883001")
    letter = task(area=area("410882"), from_area=area("410883"))

    assert transitions.is_giver(task(), county_officer)
    assert not transitions.is_giver(task(), town)
    assert transitions.is_leader(task(), town)
    assert transitions.is_giver(letter, county_officer)
    assert not transitions.is_leader(letter, county_officer)
    assert transitions.is_giver(task(from_area=None), county_officer)


def test_buttons_are_what_is_allowed_now(task, worker, county_officer):
    handed = task()

    assert verbs(handed, worker) == [Verb.RECEIVE, Verb.FINISH, Verb.CANNOT]
    assert verbs(handed, county_officer) == [Verb.REASSIGN, Verb.WITHDRAW]
    assert CELL == handed.area_id


def test_nobody_checks_their_own_work(task, county_officer, officer):
    done = task(role="", status=Task.Status.DONE, done_by=county_officer, done_at="2022-03-15T00:00Z")

    assert not allowed(done, Verb.CHECK, county_officer)
    assert allowed(done, Verb.CHECK, officer("duty_officer", area="410883"))
