"""Reading never fails and never hides a change, whatever text comes in."""

from hypothesis import given, settings
from hypothesis import strategies as st

from fangxian.engines.bulletins import decoded, read, repair

PIECES = st.sampled_from(
    "會(huì) 議 ?zhǔn)称 凡少彙⑦\\ ,, ,。 ??h 委 。 \n | ![]() 免责声明 要加强检测 l 熱 … ㈠ 3月9日 他强调 ?".split(" ")
)
TEXTS = st.lists(PIECES | st.text(alphabet="会议要求防控a?,。（）\x80…㈠鏈", max_size=4), max_size=12).map("".join)


@given(TEXTS)
@settings(max_examples=60, deadline=None)
def test_every_text_is_repaired_and_every_change_is_listed(text):
    found = repair(text)
    assert len(found.origin) == len(found.text)
    assert all(text[one.position : one.position + len(one.before)] for one in found.repairs)
    assert found.repairs or found.text == text
    measures = read(text).measures
    assert all(found.text[one.start : one.end] == one.text for one in measures)


@given(st.binary(max_size=40))
@settings(max_examples=60, deadline=None)
def test_every_file_is_decoded(content):
    assert isinstance(decoded(content), str)
