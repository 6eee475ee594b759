"""Ending tasks for certain."""

from __future__ import annotations

import asyncio
from typing import Any

_INSIST_S = 0.2


async def wind_up(*tasks: asyncio.Task[Any]) -> None:
    """Cancel tasks until they are over, whatever they end with.

    Once may not be enough: before Python 3.12 `asyncio.wait_for` forgets a cancellation that
    comes together with what it waits for (https://github.com/python/cpython/issues/81839).
    """
    while running := {task for task in tasks if not task.done()}:
        for task in running:
            task.cancel()
        await asyncio.wait(running, timeout=_INSIST_S)
    await asyncio.gather(*tasks, return_exceptions=True)
