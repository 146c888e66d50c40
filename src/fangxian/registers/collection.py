"""All registers of the installation, found by their key (`people.person`)."""

from collections.abc import Iterator


class Site:
    """The collection every face and the generic test suite walk."""

    def __init__(self) -> None:
        self._registers: dict[str, object] = {}

    def add(self, register) -> None:
        """Take a register in; one model has one register."""
        if register.slug in self._registers:
            raise ValueError(f"two registers for {register.slug}")
        self._registers[register.slug] = register

    def __iter__(self) -> Iterator:
        return iter(self._registers[slug] for slug in sorted(self._registers))

    def __len__(self) -> int:
        return len(self._registers)

    def __contains__(self, slug: object) -> bool:
        return slug in self._registers

    def get(self, slug: str):
        """The register with this key; `LookupError` names those there are."""
        try:
            return self._registers[slug]
        except KeyError:
            raise LookupError(f"no register {slug}; there are: {', '.join(sorted(self._registers))}") from None

    def of(self, model):
        """The register of a model, or None."""
        return self._registers.get(model._meta.label_lower)


site = Site()
