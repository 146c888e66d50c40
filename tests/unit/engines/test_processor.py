"""A processor with slow AVX-512 sorts is known, and NumPy is told before it loads."""

import os
import subprocess
import sys

import pytest

from fangxian.engines import processor

ZEN_4 = "processor\t: 0\nvendor_id\t: AuthenticAMD\ncpu family\t: 25\nflags\t\t: fpu avx2 avx512f\n\nprocessor\t: 1\n"


@pytest.mark.parametrize(
    ("text", "set_before", "expected"),
    [
        pytest.param(ZEN_4, {}, processor.SLOW_ON_ZEN_4, id="Zen 4"),
        pytest.param(ZEN_4, {processor.SETTING: ""}, "", id="the operator has decided"),
        pytest.param(ZEN_4.replace(" avx512f", ""), {}, None, id="Zen 3"),
        pytest.param(ZEN_4.replace(": 25", ": 26"), {}, None, id="Zen 5"),
        pytest.param(ZEN_4.replace("AuthenticAMD", "GenuineIntel"), {}, None, id="Intel"),
        pytest.param("Processor : ARMv8\n", {}, None, id="another list"),
        pytest.param(None, {}, None, id="no list"),
    ],
)
def test_only_slow_sorts_are_avoided(tmp_path, text, set_before, expected):
    cpuinfo = tmp_path / "cpuinfo"
    if text is not None:
        cpuinfo.write_text(text, "ascii")
    environment = dict(set_before)
    processor.avoid_slow_sorts(environment, cpuinfo)
    assert environment.get(processor.SETTING) == expected


def test_numpy_is_told_before_it_loads():
    """In a new process, with warnings as errors: a name NumPy does not know would be one."""
    script = (
        "import sys, fangxian; assert 'numpy' not in sys.modules; "
        "import os; os.environ['NPY_DISABLE_CPU_FEATURES'] = 'X86_V4 AVX512_ICL'; "
        "from numpy._core._multiarray_umath import __cpu_features__ as features; "
        "assert not features['X86_V4'] and not features['AVX512_ICL']"
    )
    environment = {name: value for name, value in os.environ.items() if name != processor.SETTING}
    if processor.first_processor().get("vendor_id") in ("AuthenticAMD", "GenuineIntel"):
        subprocess.run([sys.executable, "-W", "error", "-c", script], env=environment, check=True)
    else:
        assert not processor.is_zen_4(processor.first_processor())
