"""Which registers a run walks: all of them, those named by `--register`, or a part on the second store."""

import pytest

from fangxian.registers import site
from fangxian.registers.register import Register


def walked(config: pytest.Config) -> list[Register]:
    """The registers of this run."""
    only = config.getoption("--register")
    found = [register for register in site if not only or register.slug in only]
    # the framework is one, and each system's own tests ask the second store whole
    return found[::3] if config.getoption("--store-only") else found
