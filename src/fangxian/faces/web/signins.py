"""What the audit keeps of sign-ins and of changes to an account. Wrong tries are counted by axes."""

from allauth.account.signals import password_changed, user_logged_in
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.dispatch import receiver
from django.http import HttpRequest

from fangxian.core import audit
from fangxian.core.officers import Officer


@receiver(user_logged_in)
def logged_in(sender, request: HttpRequest, user: Officer, **kwargs) -> None:
    with audit.act("core.officer.logged_in", by=user, target=user):
        pass


def logged_out(user: Officer, *, idle: bool) -> None:
    """An officer left, or was away too long."""
    with audit.act("core.officer.logged_out", by=user, target=user, detail={"idle": idle}):
        pass


@receiver(password_changed)
def changed_password(sender, request: HttpRequest, user: Officer, **kwargs) -> None:
    """The new password is the officer's own: nothing has to be changed any more."""
    with audit.act("core.officer.password_changed", by=user, target=user):
        Officer.objects.filter(pk=user.pk).update(must_change_password=False)


@receiver([authenticator_added, authenticator_removed, authenticator_reset])
def changed_second_factor(sender, signal, user: Officer, authenticator: Authenticator, **kwargs) -> None:
    done = {authenticator_added: "added", authenticator_removed: "removed", authenticator_reset: "reset"}[signal]
    with audit.act(f"core.officer.second_factor_{done}", by=user, target=user, detail={"type": authenticator.type}):
        pass
