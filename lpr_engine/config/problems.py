"""What is wrong with a configuration, where it stands, and what was expected instead."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from lpr_engine.config.values import shown_key
from lpr_engine.model.errors import ConfigError

KeyPath: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where something was written; line and column count from 1, None where there are none."""

    file: str
    line: int | None = None
    column: int | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake. No field ever holds a value that may be a secret."""

    place: Place
    key: str
    what: str
    expected: str | None = None
    suggestion: str | None = None

    @property
    def file(self) -> str:
        """The file, or the environment variable, that holds the mistake."""
        return self.place.file

    @property
    def line(self) -> int | None:
        """The line, from 1."""
        return self.place.line

    @property
    def column(self) -> int | None:
        """The column, from 1."""
        return self.place.column

    @property
    def detail(self) -> str:
        """What is wrong, what was expected, what was probably meant."""
        expected = f"; expected {self.expected}" if self.expected else ""
        hint = f" ({self.suggestion})" if self.suggestion else ""
        return f"{self.what}{expected}{hint}"

    def __str__(self) -> str:
        """One line, in the form `file:line:column: key: what; expected ... (hint)`."""
        position = ":".join(
            str(part) for part in (self.file, self.line, self.column) if part is not None
        )
        key = f"{self.key}: " if self.key else ""
        return f"{position}: {key}{self.detail}"


class ConfigurationRefusedError(ConfigError):
    """A configuration has mistakes; `problems` holds all of them, in order of their lines."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def dotted(path: KeyPath) -> str:
    """A key path as people write it: `cameras[1].zones[0].area`; hostile keys cut short."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{shown_key(part)}"
    return text.removeprefix(".")


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """The problems by file and line, each once."""
    unique = dict.fromkeys(problems)
    return sorted(unique, key=lambda one: (one.file, one.line or 0, one.column or 0, one.key))
