"""The five founding bulletins, where they lie beside the checkout: every requirement of each is found."""

import re
from functools import cache

import pytest

from fangxian.engines.bulletins import Kind, decoded, read
from tests.shared_data import shared

MARKS = re.compile("[?\\\\āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ⑦�]|[,，][,，、。;；]|!\\[|免责|版权|扫一扫")
HEADS = (
    ("2021年", None, "孟州市", "市人大常委会"),
    ("11月20日", "2021-11-20", "示范区", "示范区(高新区)党工委"),
    ("杨勤荣:", "2021-08-05", "长治市", "长治市委"),
    ("守牢安全红线", "2022-02-09", "三江侗族自治县", "三江侗族自治县疫情防控工作领导小组"),
    ("时刻紧绷疫情防控之弦", None, "焦作市", "焦作市委"),
)


@cache
def bulletins():
    return [read(decoded(path.read_bytes())) for path in sorted(shared("bulletins").glob("*.txt"))]


def wanted() -> list[tuple[str, list[int]]]:
    """The ids of the requirements, each with the bulletins that name it."""
    rows = []
    for line in shared("reference/requirements.md").read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        numbers = [cell for cell in cells if re.fullmatch(r"[0-4](,[0-4])*", cell)]
        if re.fullmatch(r"[A-Z]\d+", cells[0]) and numbers:
            rows.append((cells[0], [int(number) for number in numbers[0].split(",")]))
    return rows


def test_no_mark_of_damage_is_left_and_the_article_is_there_once():
    for bulletin in bulletins():
        assert MARKS.findall(bulletin.text) == []
        assert len(set(bulletin.text.split("\n"))) == len(bulletin.text.split("\n")) or "\n\n" in bulletin.text
        assert not any(repair.kind is Kind.UNREADABLE for repair in bulletin.repaired.repairs)


def test_every_requirement_is_found_in_the_bulletins_that_name_it():
    found = [{name for measure in bulletin.measures for name in measure.requirements} for bulletin in bulletins()]
    assert [(name, number) for name, numbers in wanted() for number in numbers if name not in found[number]] == []


@pytest.mark.parametrize("number", range(5))
def test_heads(number):
    bulletin = bulletins()[number]
    _title, day, place, issuer = HEADS[number]
    head = bulletin.head
    assert (str(head.date) if head.date else None, head.place, head.issuer) == (day, place, issuer)


def test_words_that_were_hard():
    texts = [bulletin.text for bulletin in bulletins()]
    assert "进口冷链食品采购、运输、消毒、储存、加工等环节" in texts[4]
    assert "强调进口冷链食品是外防输入的关键关口" in texts[4] and "严格执行进口冷链食品溯源、检测、消杀" in texts[4]
    assert "交出一份满意防控答卷。县委副书记、县长陈震" in texts[3] and "讲话。县领导陈明、雷恣伟" in texts[3]
