"""Python's garbage collector, set for a server of scans."""

import gc


def settle() -> None:
    """Leave what was loaded at the start alone, and look for cycles every 50,000 new objects instead of every 700.

    A request of a thousand scans makes thousands of objects and no cycle: looking for one through all of Django's
    objects each time took a quarter of what parsing and judging a scan costs.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
