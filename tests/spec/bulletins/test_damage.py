"""The simulator damages as the copies are damaged, and the promise holds on a small number of cases."""

from random import Random

from fangxian.engines.bulletins import repair
from fangxian.engines.bulletins.damage import Plan, damaged, narrowed, traditional
from fangxian.faces.cli.checks import bulletins as check

TEXT = "安澜市召开会议，要求做好进口冷链食品采购、运输、消毒等环节标准。随即召开会议。"


def test_notes_commas_page_and_a_second_copy():
    case = damaged(TEXT, Random(1), Plan(notes=1.0, commas=1.0, twice=True, page=True))
    assert "(" in case.text and (",," in case.text or ",、" in case.text) and case.truth == narrowed(TEXT)
    assert repair(case.text).text == case.truth


def test_notes_swallow_the_bracket_inside_a_character():
    cases = [damaged(TEXT, Random(seed), Plan(notes=0.4)) for seed in range(20)]
    assert any("?" in case.text for case in cases)
    wrong = [case for case in cases if repair(case.text).text != case.truth and not case.gone]
    assert wrong == []


def test_lost_bytes_are_told_apart():
    case = damaged(TEXT, Random(3), Plan(notes=0, lost=2, traditional=False))
    assert len(case.gone) >= 2 and case.text != case.truth


def test_characters_without_a_way_back_stay():
    assert traditional("会议") == "會議" and repair(traditional("干部群众采购")).text == "干部群众采购"


def test_the_promise_on_a_few_cases():
    report = check.run(2, 5, lambda *_told: None)
    assert report.changed == 0 and report.accuracy > 0.99 and "accuracy=" in report.line()
    assert check.Report().exit_code == 1 and check.Report().accuracy == 0.0
