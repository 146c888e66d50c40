"""Model fields of our own: area codes that compare by bytes, encrypted text, blind index."""

from django.core import checks
from django.db import models

from fangxian.core import cipher, keys
from fangxian.core.masking import mask


class CodeField(models.CharField):
    """Text compared byte by byte, so that a half-open range is an index seek on both stores."""

    def db_parameters(self, connection):
        parameters = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters


class Secret:
    """A personal value that shows itself masked; only `reveal()` gives it away, and callers log that."""

    __slots__ = ("_aad", "_plain", "_stored", "kind")

    def __init__(self, plain: str | None = None, *, stored: str | None = None, kind: str, aad: str):
        self._plain, self._stored, self.kind, self._aad = plain, stored, kind, aad

    def reveal(self) -> str:
        """The plain value."""
        if self._plain is None:
            self._plain = cipher.decrypt(self._stored, aad=self._aad)
        return self._plain

    def stored(self) -> str:
        """The value as the database keeps it."""
        if self._stored is None:
            self._stored = cipher.encrypt(self._plain, aad=self._aad)
        return self._stored

    def bound_to(self, aad: str, kind: str) -> "Secret":
        """The value as one of another field: a ciphertext taken over as it is could never be opened there."""
        return self if self._aad == aad else Secret(self.reveal(), kind=kind, aad=aad)

    def __str__(self) -> str:
        return mask(self.kind, self.reveal())

    def __repr__(self) -> str:
        return f"<Secret {self}>"

    def __bool__(self) -> bool:
        return bool(self.reveal())

    def __eq__(self, other) -> bool:
        plain = other.reveal() if isinstance(other, Secret) else other
        return self.reveal() == plain

    def __hash__(self) -> int:
        return hash(self.reveal())


class EncryptedTextField(models.TextField):
    """Text encrypted by the key ring; in Python a `Secret`. `mask` names how it is shown (see core.masking)."""

    def __init__(self, *args, mask: str, **kwargs):
        self.mask = mask
        kwargs.setdefault("default", "")
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "mask": self.mask}

    @property
    def aad(self) -> str:
        """Binds a value to its field, so that a ciphertext copied elsewhere does not open."""
        return f"{self.model._meta.label_lower}.{self.name}"

    def from_db_value(self, value, expression, connection):
        return Secret("", kind=self.mask, aad=self.aad) if not value else self._stored(value)

    def _stored(self, value):
        return Secret(stored=value, kind=self.mask, aad=self.aad)

    def to_python(self, value):
        if isinstance(value, Secret):
            return value.bound_to(self.aad, self.mask)
        return Secret(value or "", kind=self.mask, aad=self.aad)

    def pre_save(self, model_instance, add):
        value = self.to_python(getattr(model_instance, self.attname))
        setattr(model_instance, self.attname, value)
        return value

    def get_prep_value(self, value):
        secret = self.to_python(value)
        return secret.stored() if secret else ""

    def value_to_string(self, obj):
        return self.get_prep_value(self.value_from_object(obj))

    def get_lookup(self, lookup_name):
        """Searching ciphertext finds nothing and hides the mistake, so it is refused."""
        if lookup_name != "isnull":
            raise TypeError(f"{self.name} is encrypted: search it by its blind index")
        return super().get_lookup(lookup_name)


class BlindIndexField(models.CharField):
    """Keyed fingerprint of an encrypted field, for equality search; kept by itself, never set by hand."""

    def __init__(self, *args, of: str, **kwargs):
        self.of = of
        kwargs.update(max_length=64, null=True, blank=True, editable=False)
        kwargs.setdefault("db_index", not kwargs.get("unique", False))
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        for fixed in ("max_length", "null", "blank", "editable"):
            kwargs.pop(fixed, None)
        return name, path, args, {**kwargs, "of": self.of}

    def check(self, **kwargs):
        errors = super().check(**kwargs)
        if not isinstance(self.model._meta.get_field(self.of), EncryptedTextField):
            errors.append(checks.Error(f"{self.name} indexes {self.of}, which is not encrypted", obj=self))
        return errors

    def pre_save(self, model_instance, add):
        value = blind(self.model, self.of, getattr(model_instance, self.of))
        setattr(model_instance, self.attname, value)
        return value


def blind(model: type[models.Model], field: str, value: "Secret | str | None") -> str | None:
    """The fingerprint under which a plain value would be found in an encrypted field of a model; None for no value."""
    plain = value.reveal() if isinstance(value, Secret) else value
    return cipher.blind_index(f"{model._meta.label_lower}.{field}", plain, ring=keys.current()) if plain else None
