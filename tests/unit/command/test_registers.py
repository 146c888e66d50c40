"""The ledger of tasks: a row entered is a task handed down; where it stands is never typed."""

from fangxian.registers import site
from fangxian.systems.command.models import Task
from tests.unit.command.conftest import CELL


def test_a_row_is_a_task_handed_down(area, county_officer, everywhere):
    register = site.get("command.task")

    task = register.write(by=county_officer, values={"area": area(CELL), "title": "Count the doors"})
    changed = register.write(by=county_officer, values={"priority": "HIGH"}, record=task, base_version=1)

    assert (task.from_area_id, task.status) == ("410883", Task.Status.PENDING)
    assert changed.priority == Task.Priority.HIGH
    assert "status" not in register.form
    assert register.shown[0].shown(task) == "Count the doors"
