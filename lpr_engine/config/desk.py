"""The configuration as it is read and changed through a door: the port, and what it tells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from lpr_engine.config.entries import Origin
from lpr_engine.config.problems import Problem
from lpr_engine.model.contract import JsonObject
from lpr_engine.model.errors import ConflictError


class NoConfigFileError(ConflictError):
    """The engine was started without a file, so there is none to change."""

    code = "config_without_file"


class ConfigManagedError(ConflictError):
    """Somebody else, such as the Supervisor, writes the file."""

    code = "config_managed"


class ConfigChangedError(ConflictError):
    """The file is another one than the one that was edited."""

    code = "config_changed"


@dataclass(frozen=True, slots=True)
class ConfigurationSource:
    """The file an engine was started with; `hidden` are the keys that secrets fill."""

    path: Path
    environment: Mapping[str, str] = field(repr=False)
    hidden: frozenset[str] = frozenset()
    is_managed: bool = False


@dataclass(frozen=True, slots=True)
class ConfigurationReport:
    """What the engine goes by, and its file; no secret is in it.

    `text` is None without a file, or where its secrets cannot be told apart. `problems` are those
    of the file as it is now, whose values the engine then does not know.
    """

    values: JsonObject
    origins: Mapping[str, Origin]
    path: Path | None = None
    text: str | None = None
    version: str | None = None
    is_managed: bool = False
    restart_needed: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """One key that a new text changes, as it may be shown; `live` if no restart is needed."""

    name: str
    before: object
    after: object
    live: bool


@dataclass(frozen=True, slots=True)
class ChangePlan:
    """What a new text does: its changes, the lines that differ, and what waits for a restart.

    `restart_needed` counts what earlier changes left for the restart, too.
    """

    changes: tuple[Change, ...]
    text_difference: str
    restart_needed: tuple[str, ...]
    version: str


class ConfigurationDesk(Protocol):
    """Reads and changes the configuration. Thread-safe; blocks while files are read and written."""

    def report(self) -> ConfigurationReport:
        """What the engine goes by now."""
        ...

    def judge(self, text: str) -> ChangePlan:
        """What a text would change; masked secrets in it stand for the kept ones.

        Raises:
            ConfigurationRefusedError: the text has mistakes; the error names all of them.
            ConfigFileError: the file that it would replace cannot be read.
        """
        ...

    def apply(self, text: str, version: str) -> ChangePlan:
        """Write a text in place of the one with that version, and take over what can change live.

        Version `*` stands for whatever there is.

        Raises:
            ConfigurationRefusedError: the text has mistakes; nothing is written.
            NoConfigFileError: there is no file to write.
            ConfigManagedError: somebody else writes the file.
            ConfigChangedError: the file is not of that version any more; nothing is written.
            ConfigFileError: the file cannot be read or written.
        """
        ...
