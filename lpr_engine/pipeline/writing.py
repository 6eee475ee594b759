"""The thread that judges passages, commits them, and tells everyone who listens."""

from __future__ import annotations

import dataclasses
import logging
import threading
import time

from lpr_engine.model.errors import DiskFullError, LprError
from lpr_engine.model.passage import Passage, PassageUpdate
from lpr_engine.model.ports import PassageArchive, PassageListener, StageMeter, VerdictRules
from lpr_engine.pipeline.backlog import Backlog
from lpr_engine.pipeline.trouble import Troubles

_LOGGER = logging.getLogger(__name__)

_IDLE_S = 0.25
_RETRY_S = 2.0
_SLOW_S = 5.0
"""A store that takes longer than this for one passage is told as a problem."""


class WritingLoop:
    """Commits each revision and fans it out; what a full disk refuses waits in the backlog."""

    def __init__(
        self,
        backlog: Backlog,
        rules: VerdictRules,
        archive: PassageArchive,
        meter: StageMeter,
    ) -> None:
        self._backlog = backlog
        self._rules = rules
        self._archive = archive
        self._listeners: list[PassageListener] = []
        self._meter = meter
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="writing", daemon=True)
        self._problem: str | None = None
        self._began_s: float | None = None
        self._deaf = Troubles()
        self.committed = 0

    @property
    def problem(self) -> str | None:
        """Why nothing can be kept at the moment; None while all is well."""
        began_s = self._began_s
        if began_s is not None and time.monotonic() - began_s > _SLOW_S:
            return f"passages wait: the store is busy since {time.monotonic() - began_s:.0f} s"
        return self._problem

    @property
    def notices(self) -> tuple[str, ...]:
        """Which listeners fail, which keeps no passage from being kept."""
        return self._deaf.current

    def listen(self, listener: PassageListener) -> None:
        """Tell this listener too of each committed revision; before the start only."""
        self._listeners.append(listener)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self, timeout_s: float) -> None:
        """Commit what waits, as long as the store takes it, and end."""
        self._stopping.set()
        self._backlog.close()
        if self._thread.is_alive():
            self._thread.join(timeout_s)

    def _run(self) -> None:
        while True:
            update = self._backlog.first(_IDLE_S)
            if update is None:
                if self._stopping.is_set():
                    return
                continue
            if not self._write(update) and self._stopping.wait(_RETRY_S):
                _LOGGER.error("%d passage revisions could not be kept", len(self._backlog))
                return

    def _write(self, update: PassageUpdate) -> bool:
        """Whether this revision is done with: kept, or never to be kept."""
        try:
            passage = self._commit(update)
        except DiskFullError as error:
            self._state_problem("passages wait in memory until they can be kept", error)
            return False
        except LprError as error:
            _LOGGER.error("Passage %s is lost: %s", update.passage.id, error)
            self._state_problem(f"a passage was lost: {error}", error)
        except Exception as error:  # outermost loop of a thread
            _LOGGER.exception("Passage %s is lost", update.passage.id)
            self._state_problem("a passage was lost, see the log", error)
        else:
            self._state_problem(None)
            self._tell(passage, update)
        self._backlog.done(update)
        return True

    def _commit(self, update: PassageUpdate) -> Passage:
        verdict = self._rules.judge(update.passage)
        judged = dataclasses.replace(update.passage, verdict=verdict)
        began_s = time.perf_counter()
        self._began_s = time.monotonic()
        try:
            passage = self._archive.commit(dataclasses.replace(update, passage=judged))
        finally:
            self._began_s = None
        self._meter.observe("commit", (time.perf_counter() - began_s) * 1000)
        self.committed += 1
        return passage

    def _tell(self, passage: Passage, update: PassageUpdate) -> None:
        """One listener that fails keeps no other from hearing, and no passage from being kept."""
        for listener in self._listeners:
            with self._deaf.watch(f"{type(listener).__name__} cannot take passages, see the log"):
                listener.passage_committed(passage, update)

    def _state_problem(self, problem: str | None, error: Exception | None = None) -> None:
        if problem is not None and self._problem is None:
            _LOGGER.error("The store is in trouble, %s: %s", problem, error)
        elif problem is None and self._problem is not None:
            _LOGGER.warning("Passages are kept again")
        self._problem = problem
