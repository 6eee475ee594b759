"""SIGTERM and Ctrl-C: asked politely once, the process ends within 3 seconds whatever hangs."""

from __future__ import annotations

import contextlib
import logging
import os
import select
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any

_LOGGER = logging.getLogger(__name__)

_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
_PATIENCE_S = 2.6
_LAST_WORDS_S = 0.2
_ECHO_S = 0.3
"""Some launchers send a signal to the process and to its group: that is still one request."""

_OVERDUE = 1
_INTERRUPTED = 128 + signal.SIGINT


def _nothing() -> None:
    """Nothing is to be done at last."""


class StopRequest:
    """An event that the signals set, and the promise that the process ends soon after it.

    The signals are heard by a thread: the main one may be stuck in a call that never returns.
    Ending without ceremony is safe: what was committed is on the disk, and what an unfinished
    passage lacks is added at the next start. `last_act` is done before that, such as removing
    a temporary folder. To be entered by the main thread.
    """

    def __init__(
        self, last_act: Callable[[], object] = _nothing, patience_s: float = _PATIENCE_S
    ) -> None:
        self._last_act = last_act
        self._patience_s = patience_s
        self._told = threading.Event()
        self._over = threading.Event()
        self._ear, self._mouth = socket.socketpair()
        self._before: dict[int, Any] = {}
        self._fd_before = -1

    @property
    def is_told(self) -> bool:
        """Whether we are to stop."""
        return self._told.is_set()

    def wait(self, timeout_s: float | None = None) -> bool:
        """Wait until we are to stop; False when `timeout_s` ran out before."""
        return self._told.wait(timeout_s)

    def __enter__(self) -> StopRequest:
        self._mouth.setblocking(False)
        for number in _SIGNALS:
            # What `nohup` told us to ignore stays ignored.
            if number != signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:
                self._before[number] = signal.signal(number, lambda *_: None)
        self._fd_before = signal.set_wakeup_fd(self._mouth.fileno(), warn_on_full_buffer=False)
        threading.Thread(target=self._listen, name="signals", daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """All is stopped: leave at once if a signal asked for it, else be as before."""
        if self.is_told and error is None:
            # Threads that still hang in a library must not come back into a dying interpreter.
            self._leave(0)
        self._over.set()
        self._last_act()
        signal.set_wakeup_fd(self._fd_before)
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._mouth.close()

    def _listen(self) -> None:
        with self._ear:
            while not self._told.is_set():
                heard = self._ear.recv(1)
                if not heard or self._over.is_set():
                    return
                if heard[0] in self._before:
                    self._told.set()
            if self._is_pressed_again(time.monotonic()):
                self._leave(_INTERRUPTED)
        if not self._over.is_set():
            _LOGGER.error("Something hangs; ending without it")
            self._leave(_OVERDUE)

    def _is_pressed_again(self, told_s: float) -> bool:
        """Wait for a second Ctrl-C until patience is over."""
        deadline_s = told_s + self._patience_s
        while (remaining_s := deadline_s - time.monotonic()) > 0:
            if not select.select([self._ear], [], [], remaining_s)[0]:
                continue
            heard = self._ear.recv(1)
            if not heard:
                return False
            if heard[0] == signal.SIGINT and time.monotonic() > told_s + _ECHO_S:
                return True
        return False

    def _leave(self, code: int) -> None:
        # A terminal that is held, or a disk that hangs, must not hold us either.
        last_words = threading.Thread(target=self._say_goodbye, daemon=True)
        last_words.start()
        last_words.join(_LAST_WORDS_S)
        os._exit(code)

    def _say_goodbye(self) -> None:
        self._last_act()
        logging.shutdown()
        for stream in (sys.stdout, sys.stderr):
            # A pipe whose reader has gone takes no last words.
            with contextlib.suppress(OSError, ValueError):
                stream.flush()
