"""Names, days and doors as drawn tables: how near two writings are."""

from datetime import date

import pytest

from fangxian.engines.matching import How, dates, door, names, shapes

NAMES = """
张伟          张伟            same
张_伟         张伟            same
张伟          张卫            same_sound
王小明        王晓明          same_sound
欧阳丽娜      欧阳丽那        same_sound
单丹          单旦            same_sound
陈静          陈金            near_sound
刘兰          刘男            near_sound
张明          张朋            near_shape
张伟明        张卫朋          near_shape
张伟          伟张            other_order
张建国        张建军          one_character
欧阳丽娜      欧阳娜          one_character
李丽娜        王丽娜          other_surname
李丽娜        陈李丽娜        other_surname
欧阳丽娜      司马丽娜        other_surname
欧阳丽娜      王伟丽娜        other
张建国        李国强          other
张伟          李伟            other
张伟          张磊            other
张            李              other
张建国        李              other
王晓明        WANG_XIAOMING   romanised
王晓明        xiaoming_wang   romanised
单丹          Shan_Dan        romanised
吕布          Lyu_Bu          romanised
王晓明        Li_Ming         other
欧阳娜        OUYANG_NA       romanised
Anna_Lee      Lee_Anna        other_order
Mohammed_Ali  Mohamed_Ali     near_spelling
Anna_Lee      Anna_Wang       other_surname
Anna_Lee      Bob_Wang        other
Li            Lu              other
买买提·吐尔逊 买买提吐尔逊    same
张建国强      李伟            other
"""
DOORS = """
河南省孟州市大定街道段西村十二号    段西村12
段西村12号                          段西村12
大定街道_段西村_12_号               段西村12
幸福路12号院3号楼2单元501室         幸福路12-3-2-501
幸福路12-3-2-501                    幸福路12-3-2-501
东关街一百零二号                    东关街102
东关街二〇一号                      东关街201
东关街十号                          东关街10
"""


def rows(table: str) -> list[list[str]]:
    return [[cell.replace("_", " ") if n < 2 else cell for n, cell in enumerate(line.split())]
            for line in table.strip().splitlines()]  # fmt: skip


@pytest.mark.parametrize(("one", "other", "how"), rows(NAMES))
def test_names(one, other, how):
    assert names.compare(one, other) == how
    assert names.compare(other, one) == how


@pytest.mark.parametrize(("one", "other", "how"), rows(NAMES))
def test_a_quick_look_never_misses_names_that_agree(one, other, how):
    assert names.could_agree(one, other) or how == How.OTHER
    assert names.could_agree(one, other) == names.could_agree(other, one)


def test_a_quick_look_tells_most_strangers_apart():
    assert not names.could_agree("张伟", "李娜")
    assert not names.could_agree("欧阳丽娜", "赵国强")


def test_a_missing_name_says_nothing():
    assert names.compare("", "张伟") is None
    assert names.compare("张伟", " · ") is None
    assert names.reading("") == []


@pytest.mark.parametrize(("written", "spelled"), rows(DOORS))
def test_doors(written, spelled):
    assert door(written) == spelled


@pytest.mark.parametrize("village", ["段西村", "", "河南省孟州市", "5号"])
def test_a_village_is_no_door(village):
    assert door(village) == ""


@pytest.mark.parametrize(
    ("one", "other", "how"),
    [
        (date(1980, 5, 7), date(1980, 5, 7), How.SAME),
        (date(1980, 5, 7), date(1980, 7, 5), How.SWAPPED),
        (date(1980, 5, 17), date(1981, 5, 17), How.ONE_PART),
        (date(1980, 5, 17), date(1981, 6, 17), How.OTHER),
        (None, date(1981, 6, 17), None),
    ],
)
def test_days(one, other, how):
    assert dates.compare(one, other) == how
    assert dates.compare(other, one) == how


def test_shapes_are_mutual():
    assert shapes.are_near("明", "朋") and shapes.are_near("朋", "明")
    assert not shapes.are_near("明", "伟")
    assert names.distance("abc", "abcdef", 1) == 2
