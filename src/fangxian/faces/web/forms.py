"""Forms of the shell itself."""

from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from fangxian.core import setup
from fangxian.core.officers import Officer


def _password_help() -> str:
    return " ".join(password_validators_help_texts())


class SetupForm(forms.Form):
    """The one-time code from the console and the first administrator's name and password."""

    code = forms.CharField(
        label=_("Set-up code"),
        max_length=20,
        help_text=_("Printed on the console by “fangxian init”; it works once, for 15 minutes."),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autofocus": True, "spellcheck": "false"}),
    )
    username = forms.CharField(
        label=_("User name"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "username"})
    )
    name = forms.CharField(label=_("Your name"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        help_text=lazy(_password_help, str)(),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    password_again = forms.CharField(
        label=_("Password again"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_code(self) -> str:
        if not setup.code_is_valid(self.cleaned_data["code"]):
            raise ValidationError(
                _("This code is wrong, used or older than 15 minutes. Print a new one with “fangxian init”.")
            )
        return self.cleaned_data["code"]

    def clean(self) -> dict:
        given = super().clean()
        password = given.get("password")
        if password and password != given.get("password_again"):
            self.add_error("password_again", _("The two passwords differ. Type the same one twice."))
        elif password:
            self._check_strength(password)
        return given

    def _check_strength(self, password: str) -> None:
        given = self.cleaned_data
        try:
            validate_password(password, Officer(username=given.get("username", ""), name=given.get("name", "")))
        except ValidationError as weak:
            self.add_error("password", weak)
