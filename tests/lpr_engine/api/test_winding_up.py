"""Ending tasks: also those that forget that they were cancelled."""

from __future__ import annotations

import asyncio
import contextlib

from lpr_engine.api.winding_up import wind_up


async def test_tasks_end_even_if_they_forget_a_cancellation() -> None:
    forgotten = 0

    async def forgetful() -> None:
        nonlocal forgotten
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.sleep(60)
        forgotten += 1
        await asyncio.sleep(60)

    async def failing() -> None:
        raise ZeroDivisionError

    tasks = [asyncio.create_task(forgetful()), asyncio.create_task(failing())]
    await asyncio.sleep(0)
    await wind_up(*tasks)
    assert forgotten == 1
    assert tasks[0].cancelled()
    assert tasks[1].done()
