"""Laws of comparing names: the same both ways, and the quick look never misses what the long one finds."""

from hypothesis import given
from hypothesis import strategies as st

from fangxian.engines.matching import How, names

NAME = st.text("张章王伟卫明朋丽莉娜那欧阳单建国军陈静金 ", min_size=1, max_size=4) | st.sampled_from(
    ["Wang Xiaoming", "WANG WEI", "Anna Lee", "Lee Anna", "Zhang Wei", "Chen Jing"]
)


@given(NAME, NAME)
def test_comparing_is_the_same_both_ways(one, other):
    assert names.compare(one, other) == names.compare(other, one)


@given(NAME, NAME)
def test_a_quick_look_never_misses_names_that_agree(one, other):
    assert names.could_agree(one, other) or names.compare(one, other) in (How.OTHER, None)
