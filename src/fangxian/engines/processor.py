"""What this processor is bad at, told to NumPy before it loads."""

from collections.abc import MutableMapping
from pathlib import Path
from typing import Final

SETTING: Final = "NPY_DISABLE_CPU_FEATURES"
"""NumPy's variable: which groups of instructions it shall not use. It is read once, when NumPy is loaded."""

SLOW_ON_ZEN_4: Final = "X86_V4 AVX512_ICL"
"""NumPy's names of the groups whose sorts write with a compress-store, which Zen 4 carries out in microcode."""


CPUINFO: Final = Path("/proc/cpuinfo")


def avoid_slow_sorts(environment: MutableMapping[str, str], cpuinfo: Path = CPUINFO) -> None:
    """Let NumPy sort with AVX2 on a Zen 4 processor: there its AVX-512 sorts take several times as long.

    Does nothing elsewhere, nor where the variable is set already: an operator's word counts. Without effect once NumPy
    is loaded. Source: the defect is known as numpy/x86-simd-sort issue 6; measured in decision 0032.
    """
    if SETTING not in environment and is_zen_4(first_processor(cpuinfo)):
        environment[SETTING] = SLOW_ON_ZEN_4


def first_processor(cpuinfo: Path = CPUINFO) -> dict[str, str]:
    """Names and values of the first processor in Linux's list; empty where there is no such list."""
    try:
        with cpuinfo.open(encoding="ascii", errors="replace") as file:
            lines = file.read(4096).partition("\n\n")[0].splitlines()  # a list of 256 processors takes its time
    except OSError:
        return {}
    return {name.strip(): value.strip() for name, _, value in (line.partition(":") for line in lines)}


def is_zen_4(processor: dict[str, str]) -> bool:
    """Whether it is one: AMD's family 25 with AVX-512."""
    return (
        processor.get("vendor_id") == "AuthenticAMD"
        and processor.get("cpu family") == "25"
        and "avx512f" in processor.get("flags", "").split()
    )
