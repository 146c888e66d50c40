"""What is left of a personal value on a page."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fangxian.core.masking import HIDDEN, KINDS, mask

SPEC = [
    ("id", "350102199001014518", "3501**********4518"),
    ("id", "410883900101451", "410*********451"),
    ("id", "E12345678", "E1*****78"),
    ("id", "12", "**"),
    ("phone", "13812341234", "138****1234"),
    ("phone", "0391-8123456", "039*****3456"),
    ("phone", "8123456", "*****56"),
    ("phone", "5", "*"),
    ("name", "张三", "张*"),
    ("name", "欧阳丽娜", "欧***"),
    ("name", "Kim Soo", "K** S**"),
    ("plate", "豫H12345", "豫H**345"),
    ("plate", "豫HD12345", "豫H***345"),
    ("plate", "X1", "X1"),
    ("text", "anything", HIDDEN),
    ("address", "河南省焦作市孟州市大定街道段西村3组12号", "河南省焦作市孟州市大定街道***"),
    ("address", "孟州市大定街道幸福小区3号楼", "孟州市大定街道***"),
    ("address", "焦作市解放区焦西街道办事处人民路1号", "焦作市解放区焦西街道办事处***"),
    ("address", "焦作城乡一体化示范区文昌街道", "焦作城乡一体化示范区文昌街道***"),
    ("address", "河南省南阳市镇平县侯集镇向寨村", "河南省南阳市镇平县侯集镇***"),
    ("address", "广西壮族自治区柳州市三江侗族自治县八江镇", "广西壮族自治区柳州市三江侗族自治县八江镇***"),
    ("address", "幸福小区3号楼2单元", "***"),
    ("address", "人民路12号院", "***"),
    ("address", "12 Main Street", "***"),
    *[(kind, "", "") for kind in sorted(KINDS)],
]


@pytest.mark.parametrize(("kind", "value", "shown"), SPEC)
def test_mask(kind, value, shown):
    assert mask(kind, value) == shown


def test_an_unknown_mask_is_a_mistake_of_the_programmer():
    with pytest.raises(ValueError, match="no mask called 'shoe'"):
        mask("shoe", "42")


@given(st.text("0123456789", min_size=1, max_size=20))
def test_at_least_half_of_an_identity_number_is_hidden(value):
    assert mask("id", value).count("*") >= len(value) / 2
