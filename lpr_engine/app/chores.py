"""What has to be done now and then beside the frames: measuring, and throwing old things out."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lpr_engine.model.errors import LprError

_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Chore:
    """Something to do over and over; `first_s` is the wait before the first time."""

    name: str
    do: Callable[[], object]
    every_s: float
    first_s: float = 0.0


class Chores:
    """A thread for each chore, since each may take a while or hang."""

    def __init__(self, chores: Sequence[Chore]) -> None:
        self._stopping = threading.Event()
        self._threads = [
            threading.Thread(target=self._repeat, args=(chore,), name=chore.name, daemon=True)
            for chore in chores
        ]

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def stop(self, timeout_s: float = 0.3) -> None:
        """End after the chores at hand, or leave them behind."""
        self._stopping.set()
        deadline_s = time.monotonic() + timeout_s
        for thread in self._threads:
            if thread.is_alive():
                thread.join(max(0.0, deadline_s - time.monotonic()))

    def _repeat(self, chore: Chore) -> None:
        wait_s, trouble = chore.first_s, None
        while not self._stopping.wait(wait_s):
            trouble = _done(chore, trouble)
            wait_s = chore.every_s


def _done(chore: Chore, trouble_before: str | None) -> str | None:
    """Do a chore once; returns what went wrong, which is logged only when it is news."""
    try:
        chore.do()
    except LprError as error:
        if str(error) != trouble_before:
            _LOGGER.warning("%s: %s", chore.name, error)
        return str(error)
    except Exception as error:
        # Outermost loop of a thread.
        if repr(error) != trouble_before:
            _LOGGER.exception("%s failed", chore.name)
        return repr(error)
    if trouble_before is not None:
        _LOGGER.info("%s works again", chore.name)
    return None
