"""Which retained topics this engine has left at a broker, remembered over restarts.

What is retained outlives us. A camera that was taken out of the configuration while the engine
was off leaves its device in Home Assistant unless somebody still knows its topics.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterable
from pathlib import Path

_LOGGER = logging.getLogger(__name__)

_FILE_NAME = "mqtt-retained.json"
_VERSION = 1


class RetainedMemory:
    """A set of topics in a file, replaced as a whole so that a power cut leaves old or new."""

    def __init__(self, directory: Path) -> None:
        self._path = directory / _FILE_NAME
        self._topics = self._read()

    @property
    def topics(self) -> frozenset[str]:
        """All topics that may still be retained somewhere."""
        return self._topics

    def remember(self, topics: Iterable[str]) -> None:
        """Keep topics in mind; to be called before the first message to them."""
        self._keep(self._topics | frozenset(topics))

    def forget(self, topics: Iterable[str]) -> None:
        """Let go of topics that the broker has confirmed as cleared."""
        self._keep(self._topics - frozenset(topics))

    def _keep(self, topics: frozenset[str]) -> None:
        if topics == self._topics:
            return
        self._topics = topics
        try:
            self._write()
        except OSError as err:
            _LOGGER.error("Retained topics cannot be remembered in %s: %s", self._path, err)

    def _write(self) -> None:
        text = json.dumps({"version": _VERSION, "topics": sorted(self._topics)}, indent=1)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._path.with_suffix(".tmp")
        with fresh.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._path)

    def _read(self) -> frozenset[str]:
        try:
            data = json.loads(self._path.read_text(encoding="utf-8"))
            return frozenset(_topic(topic) for topic in data["topics"])
        except FileNotFoundError:
            return frozenset()
        except (OSError, ValueError, KeyError, TypeError) as err:
            _LOGGER.error("Retained topics of earlier runs are unknown: %s: %s", self._path, err)
            return frozenset()


def _topic(value: object) -> str:
    if not isinstance(value, str) or not value or any(sign in value for sign in "+#\0"):
        raise ValueError(f"no topic: {value!r}")
    return value
