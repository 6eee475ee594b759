"""Lines for the terminal, written by a thread of their own so that nobody waits for it."""

from __future__ import annotations

import contextlib
import logging
import queue
import sys
import threading
import time
from collections.abc import Callable

from rich.console import Console

_CAPACITY = 1000
_POLL_S = 0.01


class Terminal(Console):
    """Standard output, the results in full lines; a reader who goes is an error like any other."""

    def __init__(self) -> None:
        super().__init__(highlight=False, soft_wrap=True, emoji=False)

    def on_broken_pipe(self) -> None:
        """Let the caller know, instead of ending the program on the spot.

        Raises:
            BrokenPipeError: always.
        """
        raise BrokenPipeError


class Printer:
    """Writes in order what threads hand in.

    A terminal that is held with Ctrl-S, or a pipe that nobody reads, holds up the writing and
    nothing else. Overflow policy: what comes while a thousand lines wait is not written. Once
    the reader has gone nothing more is written.
    """

    def __init__(self, name: str) -> None:
        self._waiting: queue.Queue[Callable[[], object]] = queue.Queue(_CAPACITY)
        self._reader_gone = False
        threading.Thread(target=self._run, name=name, daemon=True).start()

    @property
    def reader_gone(self) -> bool:
        """Whether nobody reads what is written any more."""
        return self._reader_gone

    def put(self, write: Callable[[], object]) -> None:
        """Have something written; returns at once."""
        if not self._reader_gone:
            with contextlib.suppress(queue.Full):
                self._waiting.put_nowait(write)

    def drain(self, timeout_s: float) -> None:
        """Wait a moment until all is written."""
        deadline_s = time.monotonic() + timeout_s
        while self._waiting.unfinished_tasks and time.monotonic() < deadline_s:
            time.sleep(_POLL_S)

    def _run(self) -> None:
        while True:
            write = self._waiting.get()
            try:
                if not self._reader_gone:
                    write()
            except (OSError, ValueError):
                self._reader_gone = True
            finally:
                self._waiting.task_done()


class PrintedLog(logging.Handler):
    """Log records on their way to standard error."""

    def __init__(self) -> None:
        super().__init__()
        self._printer = Printer("log")

    def emit(self, record: logging.LogRecord) -> None:
        """Have a record written."""
        text = self.format(record) + "\n"
        self._printer.put(lambda: _write(text))

    def close(self) -> None:
        """Wait a moment for the last lines."""
        self._printer.drain(0.2)
        super().close()


def _write(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()
