"""Values kept out of the configuration: `!secret` and `!env`."""

from __future__ import annotations

from collections.abc import Mapping, Set
from pathlib import Path
from typing import Protocol

from lpr_engine.config.problems import KeyPath, Problem
from lpr_engine.config.values import SecretText, did_you_mean, shown_key

SECRETS_FILE = "secrets.yaml"


class MissingSecretError(Exception):
    """A secret or variable that a configuration names does not exist."""

    def __init__(self, what: str, expected: str, hint: str | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.expected = expected
        self.hint = hint


class SecretReader(Protocol):
    """Reads the secrets file: names to values, and the problems it has."""

    def __call__(self, path: Path) -> tuple[Mapping[str, str], list[Problem]]:
        """Read one file."""
        ...


class SecretSource:
    """The secrets file of a configuration, read when first needed, and the environment."""

    def __init__(
        self,
        path: Path,
        environment: Mapping[str, str],
        read: SecretReader,
        overridden: Set[KeyPath] = frozenset(),
    ) -> None:
        """`overridden` are the keys that the environment sets, whatever the file says."""
        self.overridden = overridden
        self._path = path
        self._environment = environment
        self._read = read
        self._secrets: Mapping[str, str] | None = None
        self.problems: list[Problem] = []

    def resolve(self, tag: str, argument: str) -> SecretText:
        """The value that `!secret name` or `!env NAME default` stands for.

        Raises:
            MissingSecretError: there is none of that name.
        """
        argument = argument.strip()
        return self._variable(argument) if tag == "!env" else self._secret(argument)

    def _variable(self, argument: str) -> SecretText:
        name, _, default = argument.partition(" ")
        if not name:
            expected = "`!env NAME` or `!env NAME default`"
            raise MissingSecretError("`!env` names no variable", expected)
        value = self._environment.get(name) or default.strip()
        if value:
            return SecretText(value)
        expected = f"a default (`!env {shown_key(name)} default`) or a value for it"
        what = f"the environment variable `{shown_key(name)}` is not set"
        raise MissingSecretError(what, expected, did_you_mean(name, self._environment))

    def _secret(self, name: str) -> SecretText:
        if self._secrets is None:
            self._secrets, self.problems = self._read(self._path)
        if name in self._secrets:
            return SecretText(self._secrets[name])
        what = f"the secret `{shown_key(name)}` is not in {self._path}"
        expected = f"a line `{shown_key(name)}: ...` in that file"
        raise MissingSecretError(what, expected, did_you_mean(name, self._secrets))
