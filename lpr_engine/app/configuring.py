"""The configuration of a running engine: shown without secrets, judged, written, taken over."""

from __future__ import annotations

import dataclasses
import difflib
import logging
import os
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from lpr_engine.app.live_settings import LIVE_KEYS, with_live_values
from lpr_engine.config.desk import (
    Change,
    ChangePlan,
    ConfigChangedError,
    ConfigManagedError,
    ConfigurationReport,
    ConfigurationSource,
    NoConfigFileError,
)
from lpr_engine.config.difference import Seen, differences
from lpr_engine.config.entries import Origin, filled_by_secrets, origin
from lpr_engine.config.file import FileState, exchange, read_state
from lpr_engine.config.loading import Loaded, load
from lpr_engine.config.problems import ConfigurationRefusedError
from lpr_engine.config.reading import is_json_file
from lpr_engine.config.sections import Configuration
from lpr_engine.config.syntax import each_text_once
from lpr_engine.config.veil import unveiled, veiled
from lpr_engine.model.contract import JsonObject

_LOGGER = logging.getLogger(__name__)

_NOWHERE = FileState(b"", "")
ANY_VERSION = "*"

TakeOver = Callable[[Configuration, Configuration], None]
"""Has the rooms go by a configuration instead of the one before, as far as they can."""


@dataclass(frozen=True, slots=True)
class _Draft:
    """A new text with its secrets back in place, checked, and the state it is to replace."""

    before: FileState
    text: str
    seen: Seen

    @property
    def after(self) -> FileState:
        return FileState(self.text.encode(), self.text)


class ConfigDesk:
    """Implements `ConfigurationDesk`."""

    def __init__(
        self, running: Configuration, source: ConfigurationSource | None, take_over: TakeOver
    ) -> None:
        self._running = Seen(running, source.hidden if source else frozenset())
        self._source = source
        self._take_over = take_over
        self._lock = threading.Lock()

    def report(self) -> ConfigurationReport:
        """What the engine goes by now."""
        with self._lock, each_text_once():
            values = _values(self._running)
            if self._source is None:
                return ConfigurationReport(values, {})
            state = read_state(self._source.path)
            loaded = self._load(state.text)
            seen = None if loaded.problems else _seen(loaded.checked(), loaded)
            return ConfigurationReport(
                values=values,
                origins=_origins(seen, loaded) if seen else {},
                path=self._source.path,
                text=None if state.text is None else veiled(state.text, is_json=self._is_json),
                version=state.version,
                is_managed=self._source.is_managed,
                restart_needed=self._restart_needed(seen) if seen else (),
                problems=loaded.problems,
            )

    def judge(self, text: str) -> ChangePlan:
        """What a text would change; masked secrets in it stand for the kept ones.

        Raises:
            ConfigurationRefusedError: the text has mistakes; the error names all of them.
            ConfigFileError: the file that it would replace cannot be read.
        """
        with self._lock, each_text_once():
            return self._plan(self._draft(text))

    def apply(self, text: str, version: str) -> ChangePlan:
        """Write a text in place of the one with that version, and take over what can change live.

        Raises:
            ConfigurationRefusedError: the text has mistakes; nothing is written.
            NoConfigFileError: there is no file to write.
            ConfigManagedError: somebody else writes the file.
            ConfigChangedError: the file is not of that version any more; nothing is written.
            ConfigFileError: the file cannot be read or written.
        """
        with self._lock, each_text_once():
            path = self._writable_path()
            draft = self._draft(text)
            if version not in (ANY_VERSION, draft.before.version):
                raise ConfigChangedError("the file was changed since it was read; read it again")
            plan = self._plan(draft)
            if draft.after.content != draft.before.content:
                exchange(path, draft.before, draft.after.content)
                _LOGGER.info("%s was changed: %s", path, _names(plan.changes))
            self._go_by(draft.seen)
            return plan

    @property
    def _is_json(self) -> bool:
        return self._source is not None and is_json_file(self._source.path)

    def _writable_path(self) -> Path:
        if self._source is None:
            raise NoConfigFileError("this engine was started without a configuration file")
        if self._source.is_managed:
            raise ConfigManagedError("this file is written by Home Assistant: change it there")
        return self._source.path

    def _load(self, text: str | None) -> Loaded:
        source = self._source
        if source is None:
            return load(Path("lpr.yaml"), os.environ, text)
        return load(source.path, source.environment, text)

    def _draft(self, text: str) -> _Draft:
        before = read_state(self._source.path) if self._source else _NOWHERE
        file = str(self._source.path) if self._source else ""
        whole, lost = unveiled(text, before.text or "", file, is_json=self._is_json)
        if lost:
            raise ConfigurationRefusedError(lost)
        loaded = self._load(whole)
        return _Draft(before, whole, _seen(loaded.checked(), loaded))

    def _plan(self, draft: _Draft) -> ChangePlan:
        loaded = self._load(draft.before.text)
        # A file with mistakes has no values; what the engine goes by is the next best.
        before = self._running if loaded.problems else _seen(loaded.checked(), loaded)
        changes = tuple(
            Change(one.name, one.before, one.after, one.form in LIVE_KEYS)
            for one in differences(before, draft.seen)
        )
        return ChangePlan(
            changes,
            self._text_difference(draft),
            self._restart_needed(draft.seen),
            draft.after.version,
        )

    def _restart_needed(self, seen: Seen) -> tuple[str, ...]:
        found = differences(self._running, seen)
        return tuple(one.name for one in found if one.form not in LIVE_KEYS)

    def _text_difference(self, draft: _Draft) -> str:
        before, after = (
            veiled(state.text or "", is_json=self._is_json) for state in (draft.before, draft.after)
        )
        if after is None or (before is None and draft.before.text):
            return ""
        lines = (before or "").splitlines(), after.splitlines()
        return "\n".join(difflib.unified_diff(*lines, "before", "after", lineterm=""))

    def _go_by(self, seen: Seen) -> None:
        """Have the rooms take over what they can; the rest stays as it runs."""
        before = self._running.configuration
        after = with_live_values(before, seen.configuration)
        self._take_over(before, after)
        self._running = Seen(after, self._running.hidden | seen.hidden)


def _seen(configuration: Configuration, loaded: Loaded) -> Seen:
    return Seen(configuration, filled_by_secrets(loaded.document, configuration))


def _values(seen: Seen) -> JsonObject:
    values: JsonObject = {field.name: {} for field in dataclasses.fields(seen.configuration)}
    values["cameras"] = [{} for _ in seen.configuration.cameras]
    for entry in seen.entries():
        section, *place, key = entry.path
        holder = values["cameras"][place[0]] if place else values[str(section)]
        holder[key] = entry.shown
    return values


def _origins(seen: Seen, loaded: Loaded) -> Mapping[str, Origin]:
    return {entry.name: origin(loaded.document, entry.path) for entry in seen.entries()}


def _names(changes: tuple[Change, ...]) -> str:
    return ", ".join(change.name for change in changes) or "no value"
