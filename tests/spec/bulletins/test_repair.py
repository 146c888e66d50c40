"""Damage and what comes of it, as tables; every document here is short enough to be checked by eye."""

from dataclasses import replace

import pytest

from fangxian.engines.bulletins import (
    Certainty,
    Kind,
    Repair,
    alignment,
    cells,
    commas,
    decoded,
    furniture,
    notes,
    repair,
    repeats,
    script,
    units,
)

SURE, LIKELY, GUESS = Certainty.CERTAIN, Certainty.LIKELY, Certainty.GUESS


@pytest.mark.parametrize(
    ("given", "meant", "kinds"),
    [
        ("會(huì)議在縣政府召開(kāi)。", "会议在县政府召开。", {Kind.PINYIN, Kind.SCRIPT}),
        ("市人大常委會(huì )主任", "市人大常委会主任", {Kind.PINYIN, Kind.SCRIPT}),
        ("保持戰(zhàn)斗狀態(tài),,守牢紅線,。", "保持战斗状态,守牢红线。", {Kind.PINYIN, Kind.COMMA, Kind.SCRIPT}),
        ("進(jìn)口冷鏈?zhǔn)称凡少彙⑦\\(yùn)輸、消毒", "进口冷链食品采购、运输、消毒",
         {Kind.BYTES, Kind.PINYIN, Kind.SCRIPT}),
        ("對進口冷鏈?zhǔn)称匪菰、檢測、消殺", "对进口冷链食品溯源、检测、消杀", {Kind.LOST, Kind.SCRIPT}),
        ("交出滿意防控答卷,??h委副書(shū)記", "交出满意防控答卷。县委副书记",
         {Kind.LOST, Kind.COMMA, Kind.PINYIN, Kind.SCRIPT}),
        ("隨即(jí)召開會議,個人診所接診l熱病人。", "随即召开会议,个人诊所接诊发热病人。",
         {Kind.PINYIN, Kind.LOST, Kind.SCRIPT}),
        ("要加强宣传,,做好疫情防?工作。", "要加强宣传,做好疫情防?工作。", {Kind.COMMA, Kind.UNREADABLE}),
        ("隨著疫情防控轉入常態化", "随着疫情防控转入常态化", {Kind.SCRIPT}),
    ],
)  # fmt: skip
def test_damage_is_undone(given, meant, kinds):
    found = repair(given)
    assert found.text == meant
    assert {one.kind for one in found.repairs} == kinds
    assert len(found.origin) == len(found.text)
    assert all(given[one.position : one.position + len(one.before)] for one in found.repairs)


@pytest.mark.parametrize(
    "clean",
    [
        "核酸检测(PCR)和抗原检测(ag)结果不一致怎么办?请复测。",
        "防控(he)一体,A群、B超和CT检查照常。",
        "问:能否返乡?答:按健康码颜色管理。",
        "著名专家和乾县代表参加。",
        "",
        "(he)会议",
        "网上的第一条\n\n  缩进的第二条。  \n",
        "文件编号 2022-15，见第3页；地址：https://example.org/ 。",
    ],
)
def test_an_undamaged_document_comes_back(clean):
    assert repair(clean) == repair(clean).__class__(clean, tuple(range(len(clean))), ())


def test_how_sure_a_repair_is():
    exact = repair("冷鏈?zhǔn)称凡少彙⑦\\(yùn)輸")
    assert [(one.before, one.certainty) for one in exact.repairs if one.kind is Kind.BYTES] == [
        ("?zhǔn)称凡少彙⑦\\", SURE)
    ]
    lost = next(one for one in repair("份滿意防控答卷,??h委副書(shū)記").repairs if one.kind is Kind.LOST)
    assert (lost.before, lost.after, lost.certainty) == ("??h", "。縣", LIKELY)
    several = [one for one in repair("隨著疫情防控轉入").repairs if one.before == "著"]
    assert [one.certainty for one in several] == [LIKELY]


@pytest.mark.parametrize(
    ("given", "got", "doubt"),
    [
        ("隨即召開會議,各鄉鎮、各块T要迅速進入狀態。", "随即召开会议,各乡镇、各部门要迅速进入状态。", "块T"),
        ("讓t衆熟知疫苗接種範圍。", "让群众熟知疫苗接种范围。", "t"),
        ("區黨工委書記主持會h,區領導參加。", None, "h"),
        ("2022?3月9日下午,省、市召開會議。", None, "?"),
        ("?議強調,要突出一個“快”字。", None, "?"),
        ("要緊盯重鼘?公共場所、餐飲單位。", None, "鼘?"),
        ("疫情防扛(káng)鹘M(zǔ)要扛起主管責任。", None, "扛"),
        ("要落(luò)實录?xì)各(gè)項防控措施。", None, "录"),
        ("壓實責任織(zhī)密谰?xiàn)——松溪自治縣(擴大)會議", None, "谰"),
    ],
)
def test_what_the_bytes_leave_open_is_told(given, got, doubt):
    found = repair(given)
    assert got is None or found.text == got
    place = given.index(doubt)
    told = [
        one
        for one in found.repairs
        if one.certainty is not SURE and one.position <= place < one.position + len(one.before)
    ]
    assert told, found
    assert all(
        len(set(one.alternatives)) == len(one.alternatives) and one.after not in one.alternatives for one in told
    )


def test_a_clean_document_without_marks_is_damaged_only_where_much_speaks_for_it():
    assert repair("接种A群、B超,做好L型通道。问:能否返乡?答:能。").repairs == ()
    assert any(one.kind is Kind.LOST for one in repair("安澜高新区召开专题会椴渴鹨咔榉揽毓ぷ?").repairs)


PAGE = """山西大院资讯网

杨某某在会议上强调,要慎终如始做好防控工作

网络编辑 长治 2021-08-06 14:08:59 0 防控 疫情

https://example.org/a 8月5日,我市召开疫情防控专题会议,安排部署防控工作。
(记者某某)
编辑:某某
|
![](a.png) |

版权声明
本文仅代表作者观点。

8月5日,我市召开疫情防控专题会议,安排部署防控工作。
(记者某某)
关于本站的介绍文字在这里。
"""


def test_the_page_around_the_article_goes_and_is_listed():
    found = repair(PAGE)
    assert found.text == (
        "杨某某在会议上强调,要慎终如始做好防控工作\n8月5日,我市召开疫情防控专题会议,安排部署防控工作。\n(记者某某)"
    )
    told = [(one.kind, one.certainty) for one in found.repairs]
    assert (Kind.REPEATED, SURE) in told and (Kind.FURNITURE, LIKELY) in told
    assert all(one.after == "" for one in found.repairs)
    assert furniture.is_piece(" | ") and not furniture.is_piece("要加强检测") and not furniture.ends_article("会议")


def test_what_one_copy_lost_the_other_still_has():
    good = "会议要求,各乡镇要对冷链食品、药店销售和隔离点储备进行再检查再部署。"
    coded = bytearray(good.encode("gbk"))
    place = coded.index("储".encode("gbk"))
    del coded[place]
    bad = "会(huì)议" + coded.decode("gbk", "replace").replace("�", "?")[2:]
    found = repair(f"{bad}\n{good}\n")
    assert found.text.split("\n")[0] == good
    lost = [one for one in found.repairs if one.kind is Kind.LOST]
    assert [one.certainty for one in lost] == [SURE]


def test_copies_settle_what_was_guessed():
    sure = cells.of("县委要求")
    assert repeats.compared(sure, sure, [], "县委要求") == (sure, [])
    guessed = [replace(cell, guessed=True) for cell in sure]
    told = [Repair(0, "??要求", "县委要求", Kind.LOST, GUESS), Repair(90, "x", "y", Kind.LOST, GUESS)]
    mine, settled = repeats.compared(guessed, guessed, told, "??要求")
    assert mine == guessed and settled == told
    mine, settled = repeats.compared(guessed, sure, told, "??要求")
    assert not any(cell.guessed for cell in mine) and settled[0].certainty is SURE and settled[1] == told[1]


def test_a_doubt_the_copy_settles_is_not_told():
    doubted = [replace(cell, guessed=cell.char == "委") for cell in cells.of("县委要求")]
    doubt = Repair(1, "委", "委", Kind.DOUBTFUL, LIKELY)
    assert repeats.compared(doubted, cells.of("县委要求"), [doubt], "县委要求") == (cells.of("县委要求"), [])
    mine, settled = repeats.compared(doubted, cells.of("县城要求"), [doubt], "县委要求")
    assert cells.joined(mine) == "县城要求" and settled == [Repair(1, "委", "城", Kind.LOST, SURE)]
    more, _told = repeats.compared(doubted, cells.of("县委会要求"), [doubt], "县委要求")
    assert cells.joined(more) == "县委会要求"
    assert cells.joined(repeats.compared(doubted[2:], cells.of("会要求"), [], "")[0]) == "要求"


def test_copies_that_differ_without_doubt_are_told_as_unsure():
    given = "进口冷媸称份源"
    mine, told = repeats.compared(cells.of(given), cells.of("进口冷链食品溯源"), [], given)
    assert cells.joined(mine) == "进口冷链食品溯源"
    assert told == [Repair(3, "媸称份", "链食品溯", Kind.LOST, LIKELY, ("媸称份",))]
    mine, told = repeats.compared(cells.of("进口冷链食品"), cells.of("进口冷媸称品"), [], "进口冷链食品")
    assert cells.joined(mine) == "进口冷链食品" and told == [Repair(3, "链食", "链食", Kind.DOUBTFUL, GUESS, ("媸称",))]
    assert cells.joined(repeats.compared(cells.of("县 委要求"), cells.of("县城委要求"), [], "")[0]) == "县 委要求"


def test_lines_are_compared():
    assert not repeats.same_line("疫情防控", "疫情防控工作会议") and repeats.same_line("防控", "防控")
    assert not repeats.same_line("一二三四五六七八", "八七六五四三二一")
    guessed = [replace(cell, guessed=cell.char in "首o") for cell in cells.of("冷链关口首o群众健康")]
    assert repeats.same_row(guessed, cells.of("冷链关口守护群众健康"))
    assert not repeats.same_row(cells.of("冷链关口首o群众健康"), cells.of("冷链关口守护群众健康"))
    assert not repeats.same_row(guessed, cells.of("冷链")) and not repeats.same_row(
        guessed, cells.of("校园安全守护师生健康")
    )


def test_files_are_read_in_either_encoding():
    assert decoded("﻿会议".encode()) == "会议" == decoded("会议".encode("gb18030"))
    assert decoded("会议".encode("gb18030")[:3]) == "会?"


def test_a_note_of_a_tone_goes_even_where_the_reading_is_unknown():
    assert repair("會(huì)議要求抓好(zzá)落實。").text == "会议要求抓好落实。"
    assert notes.belongs("hui", "會") and not notes.belongs("pcr", "測")
    assert notes.first_bytes(0x9C, "zhǔn") == (0xCA,) and notes.first_bytes(0x41, "zhǔn") == ()


def test_units_and_their_bytes():
    found = units.units_of(cells.of("會?huì)(huì)a?"))
    assert [unit.what.name for unit in found] == ["BYTE", "BYTE", "HALF", "NOTE", "PLAIN", "MARK"]
    assert units.bytes_at(found, (9, 0)) == [] and units.bytes_at(found, (3, 0)) == []
    assert [byte.value for byte in units.bytes_at(found, (4, 0))] == [0x61]
    assert units.bytes_at(found, (5, 0))[0].value == 0xA3 and units.bytes_at(found, (5, 1))[0].value == 0xBF
    assert units.character(0x81, 0x20) == "" and units.character(0xBB, 0xE1) == "会"


def test_small_parts():
    assert script.is_traditional("") is False and script.simplified("会议") == "会议"
    assert commas.undo(cells.of("一,,。二"))[1][0].position == 1
    assert alignment.mend(cells.of("会议"), "会议") == (cells.of("会议"), [])
    assert cells.lines([]) == []
