"""`check eligibility` in a process of its own, where no installation is set up beforehand."""

from tests.integration.cli.test_commands import fangxian


def test_the_table_of_schedules_is_asked_row_by_row():
    said = fangxian("check", "eligibility").stdout.strip().splitlines()
    assert said[-1].startswith("promise=eligibility rows=") and said[-1].endswith("wrong=0")
