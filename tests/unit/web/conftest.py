"""Officers signed in with the test client."""

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

from fangxian.faces.web import navigation


@pytest.fixture
def enter(client, officer):
    """Factory: sign an officer of a role in; with `secured=True` the second factor is set up."""

    def make(role: str = "grid_worker", area: str = "410883001212", *, secured: bool = False, **extra):
        made = officer(role, area, **extra)
        if secured:
            TOTP.activate(made, generate_totp_secret())
        client.force_login(made)
        return made

    return make


@pytest.fixture(autouse=True)
def no_menu(monkeypatch):
    """These tests bring their own addresses, which the real menu's entries could not be resolved against."""
    monkeypatch.setattr(navigation, "_providers", [])
