"""What fails at the moment: told in the log when it begins and when it is over, not in between."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_LOGGER = logging.getLogger(__name__)


class Troubles:
    """A list of failures that heal by themselves; each is a sentence. Thread-safe."""

    def __init__(self) -> None:
        self._current: set[str] = set()
        self._lock = threading.Lock()

    @property
    def current(self) -> tuple[str, ...]:
        """What fails now, in words."""
        with self._lock:
            return tuple(sorted(self._current))

    def begin(self, what: str, error: Exception) -> None:
        """Note a failure; the same one again is no news."""
        with self._lock:
            is_news = what not in self._current
            self._current.add(what)
        if is_news:
            _LOGGER.error("%s: %s", what, error, exc_info=error)

    def end(self, what: str) -> None:
        """Note that it works."""
        with self._lock:
            was_told = what in self._current
            self._current.discard(what)
        if was_told:
            _LOGGER.warning("No more: %s", what)

    @contextmanager
    def watch(self, what: str) -> Iterator[None]:
        """Note whether the work within fails or not; whatever it raises ends here."""
        try:
            yield
        except Exception as error:  # noqa: BLE001 - one camera's or listener's share of a thread's loop
            self.begin(what, error)
        else:
            self.end(what)
