"""Environment variables: typed reads that name the variable when its value is wrong."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off"}


class Environment:
    """The variables, read by type.

    An empty variable counts as unset. Every method raises ImproperlyConfigured, naming the
    variable, when a value does not parse.
    """

    def __init__(self, values: Mapping[str, str] = os.environ) -> None:
        self._values = values

    def text(self, name: str, default: str = "") -> str:
        return self._values.get(name, "").strip() or default

    def secret(self, name: str, default: str = "") -> str:
        """Return the variable, or the content of the file that NAME_FILE names."""
        path = self.text(f"{name}_FILE")
        if not path:
            return self.text(name, default)
        if self.text(name):
            raise ImproperlyConfigured(f"Set {name} or {name}_FILE, not both.")
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE cannot be read: {error}") from error

    def flag(self, name: str, default: bool) -> bool:
        word = self.text(name).lower()
        if not word:
            return default
        if word in TRUE | FALSE:
            return word in TRUE
        raise ImproperlyConfigured(f"{name} must be 1 or 0, got {word!r}.")

    def choice(self, name: str, choices: Sequence[str]) -> str:
        """Return one of the choices, by default the first; case does not matter."""
        word = self.text(name, choices[0])
        for choice in choices:
            if word.lower() == choice.lower():
                return choice
        raise ImproperlyConfigured(f"{name} must be {' or '.join(choices)}, got {word!r}.")

    def integer(self, name: str, default: int, minimum: int = 0, maximum: int | None = None) -> int:
        value = int(self.number(name, default, minimum, whole=True))
        if maximum is not None and value > maximum:
            raise ImproperlyConfigured(f"{name} must be at most {maximum}, got {value}.")
        return value

    def number(
        self, name: str, default: float, minimum: float = 0, *, whole: bool = False
    ) -> float:
        word = self.text(name)
        if not word:
            return default
        try:
            value = int(word) if whole else float(word)
        except ValueError:
            kind = "a whole number" if whole else "a number"
            raise ImproperlyConfigured(f"{name} must be {kind}, got {word!r}.") from None
        if not minimum <= value < float("inf"):
            raise ImproperlyConfigured(f"{name} must be at least {minimum}, got {word!r}.")
        return value

    def words(self, name: str, default: str = "") -> list[str]:
        """Return the parts of a comma-separated list."""
        return [word for part in self.text(name, default).split(",") if (word := part.strip())]
