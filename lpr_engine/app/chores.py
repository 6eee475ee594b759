"""What has to be done now and then beside the frames: measuring, and throwing old things out."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from lpr_engine.model.errors import LprError

_LOGGER = logging.getLogger(__name__)

_MEASURE_EVERY_S = 2.0
_FIRST_TIDY_S = 60.0
_TIDY_EVERY_S = 3600.0


class Chores:
    """One thread for measuring and one for tidying, since tidying a large store takes a while."""

    def __init__(self, measure: Callable[[], None], tidy: Callable[[], object]) -> None:
        self._stopping = threading.Event()
        self._threads = (
            self._repeated("measuring", measure, 0.0, _MEASURE_EVERY_S),
            self._repeated("tidying", tidy, _FIRST_TIDY_S, _TIDY_EVERY_S),
        )

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def stop(self, timeout_s: float = 0.5) -> None:
        """End after the chore at hand, or leave it behind."""
        self._stopping.set()
        deadline_s = time.monotonic() + timeout_s
        for thread in self._threads:
            if thread.is_alive():
                thread.join(max(0.0, deadline_s - time.monotonic()))

    def _repeated(
        self, name: str, chore: Callable[[], object], first_s: float, every_s: float
    ) -> threading.Thread:
        def run() -> None:
            wait_s = first_s
            while not self._stopping.wait(wait_s):
                _do(name, chore)
                wait_s = every_s

        return threading.Thread(target=run, name=name, daemon=True)


def _do(name: str, chore: Callable[[], object]) -> None:
    try:
        chore()
    except LprError as error:
        _LOGGER.warning("%s: %s", name, error)
    except Exception:
        # Outermost loop of a thread.
        _LOGGER.exception("%s failed", name)
