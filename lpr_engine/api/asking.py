"""Asking what blocks, such as a disk, without the event loop standing still meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

_ANSWER_S = 10.0


async def ask(question: Callable[[], T], within_s: float | None = None) -> T:
    """The answer, found in another thread; one that hangs is not waited for.

    Raises:
        asyncio.TimeoutError: no answer came in time.
    """
    return await asyncio.wait_for(asyncio.to_thread(question), within_s or _ANSWER_S)
