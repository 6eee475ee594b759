"""What is wrong with the store right now, said once in the log and kept for health to show."""

from __future__ import annotations

import logging
import threading

_LOGGER = logging.getLogger(__name__)


class ProblemBoard:
    """States that began and have not healed; thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._problems: dict[str, str] = {}

    def begin(self, name: str, text: str) -> None:
        """Note a problem; logged only when it was not there before."""
        with self._lock:
            known = name in self._problems
            self._problems.setdefault(name, text)
        if not known:
            _LOGGER.error("%s", text)

    def end(self, name: str) -> None:
        """Note that a problem is over; logged only when it was there."""
        with self._lock:
            text = self._problems.pop(name, None)
        if text is not None:
            _LOGGER.warning("over: %s", text)

    def has(self, name: str) -> bool:
        """Whether a problem is there now."""
        with self._lock:
            return name in self._problems

    @property
    def current(self) -> tuple[str, ...]:
        """The problems in words, oldest first."""
        with self._lock:
            return tuple(self._problems.values())
