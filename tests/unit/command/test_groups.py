"""Working groups: one leader, members who see, tasks that lie with whoever leads."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from fangxian.core import clock
from fangxian.systems.command import group_selectors, groups, selectors, services
from fangxian.systems.command.models import GroupMember
from fangxian.systems.command.transitions import Verb, verbs

Position = GroupMember.Position


@pytest.fixture
def group(area, frozen, everywhere):
    """The traffic control group of the county."""
    return groups.form_group(
        by=None, area=area("410883"), name="交通管控组", kind="TRAFFIC", answers_for="checkpoints at the boundary"
    )


@pytest.fixture
def join(group, officer):
    """Factory: somebody who joins the group; a viewer of the county unless named."""

    def make(position=Position.MEMBER, who=None, **values):
        return groups.add_member(by=None, group=group, officer=who or officer("viewer"), position=position, **values)

    return make


def names(group):
    described = group_selectors.described([group])[0]
    return (
        described.leader and described.leader.officer,
        [one.officer for one in described.deputies],
        [one.officer for one in described.others],
    )


def test_a_new_leader_takes_the_place_of_the_one_before(join, group):
    first, deputy = join(Position.LEADER), join(Position.DEPUTY)
    assert names(group) == (first.officer, [deputy.officer], [])
    second = join(Position.LEADER, who=deputy.officer)
    assert names(group) == (second.officer, [], [])
    assert [row.officer for row in group_selectors.past_members(group)] == [deputy.officer, first.officer]
    assert join(Position.LEADER, who=second.officer) == second
    assert groups.move_member(member=second, by=None, duty="night").duty == "night"


def test_a_member_needs_a_post_that_reaches_the_group(join, officer):
    with pytest.raises(ValidationError, match="no post that reaches"):
        join(who=officer("township_officer", area="410883001"))


def test_a_task_lies_with_whoever_leads_and_is_seen_by_all(join, group, area, county_officer, officer):
    leader, member = join(Position.LEADER).officer, join().officer
    task = groups.hand_to_group(by=county_officer, group=group, area=area("410883001"), title="Close the road")
    assert task in selectors.ledger(leader) and task in selectors.ledger(member)
    assert Verb.RECEIVE in verbs(task, leader)
    assert verbs(task, member) == []
    assert task not in selectors.ledger(officer("viewer"))
    assert services.finish(task=task, by=leader).done_by == leader
    deputy = join(Position.DEPUTY).officer
    other = groups.hand_to_group(by=county_officer, group=group, title="Open it again")
    assert services.finish(task=other, by=deputy).done_by == deputy


def test_a_group_with_open_tasks_is_not_left_without_a_leader(join, group, county_officer):
    with pytest.raises(ValidationError, match="Nobody leads"):
        groups.hand_to_group(by=county_officer, group=group, title="Close the road")
    leader = join(Position.LEADER)
    groups.hand_to_group(by=county_officer, group=group, title="Close the road")
    assert group_selectors.described([group])[0].open == 1
    with pytest.raises(ValidationError, match="another leader first"):
        groups.remove_member(member=leader, by=None)
    join(Position.DEPUTY)
    assert groups.remove_member(member=leader, by=None).valid_to is not None
    assert list(group_selectors.tasks_of(group))


def test_a_group_acts_in_its_own_area(join, group, area):
    join(Position.LEADER)
    with pytest.raises(ValidationError, match="acts in"):
        groups.hand_to_group(by=None, group=group, area=area("410882001"), title="Elsewhere")


def test_a_group_that_has_ended_hands_nothing_on(join, group, county_officer, frozen):
    leader = join(Position.LEADER).officer
    groups.hand_to_group(by=county_officer, group=group, title="Close the road")
    groups.change_group(group=group, by=None, valid_to=clock.today() + timedelta(days=2))
    assert [one.group for one in group_selectors.groups_in("4108")] == [group]
    with clock.frozen(frozen + timedelta(days=3)):
        assert group_selectors.groups_in("4108") == []
        assert not selectors.ledger(leader).exists()


def test_the_registers_write_through_the_verbs(group, officer, area):
    from fangxian.registers import site

    members, all_groups = site.get("command.groupmember"), site.get("command.workinggroup")
    who = officer("viewer")
    made = members.write(by=None, values={"area": area("410882"), "group": group, "officer": who})
    assert made.area_id == group.area_id
    assert members.write(by=None, record=made, values={"duty": "night"}).duty == "night"
    assert all_groups.write(by=None, record=group, values={"answers_for": "all roads"}).answers_for == "all roads"
    assert groups.remove_member(member=group_selectors.member(made.pk), by=None).valid_to == clock.today()
    assert group_selectors.group(group.pk) == group
