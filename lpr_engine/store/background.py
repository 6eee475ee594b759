"""Small writes that nobody waits for."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future

from lpr_engine.model.errors import StoreError
from lpr_engine.store.database import Database
from lpr_engine.store.thread import StoreThread

_LOGGER = logging.getLogger(__name__)


def submit_quietly(thread: StoreThread, job: Callable[[Database], None]) -> None:
    """Queue a job whose loss harms nothing: a busy or closed store drops it."""
    try:
        thread.submit(job).add_done_callback(_tell)
    except StoreError as err:
        _LOGGER.debug("not kept: %s", err)


def _tell(done: Future[None]) -> None:
    err = None if done.cancelled() else done.exception()
    if err is not None:
        _LOGGER.debug("not kept: %s", err)
