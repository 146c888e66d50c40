"""Real data beside the checkout (never part of the project): found here, or the test skips and says so."""

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"


def shared(path: str) -> Path:
    """The path of one shared file; skips the calling test when the folder is not there."""
    found = SHARED / path
    if not found.exists():
        pytest.skip(f"real data {path} is not beside this checkout")
    return found
