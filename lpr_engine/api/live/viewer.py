"""One viewer's mailbox: a single slot in which the newest frame wins."""

from __future__ import annotations

import asyncio
from typing import Final

from lpr_engine.api.live.shot import Shot

_EARLY: Final = 0.25
"""Share of the interval by which a frame may come early: cameras do not tick exactly."""


class Viewer:
    """Belongs to the server's loop; never holds more than one frame.

    Overflow policy: a newer frame replaces the one that waits, and the drop is counted. Frames
    beyond the rate that the viewer asked for are passed over, which is no drop.
    """

    def __init__(self, fps: float) -> None:
        self._interval_s = 1 / fps
        self._due_s = float("-inf")
        self._slot: Shot | None = None
        self._woken = asyncio.Event()
        self.dropped = 0

    def offer(self, shot: Shot) -> None:
        """Lay a frame in, if it is time for one."""
        if shot.came_at_s < self._due_s - _EARLY * self._interval_s:
            return
        self._due_s = max(self._due_s, shot.came_at_s) + self._interval_s
        if self._slot is not None:
            self.dropped += 1
        self._slot = shot
        self._woken.set()

    async def next(self, within_s: float) -> Shot | None:
        """The newest frame that was not taken yet; None when none came in time."""
        alarm = asyncio.get_running_loop().call_later(within_s, self._woken.set)
        await self._woken.wait()
        alarm.cancel()
        shot, self._slot = self._slot, None
        self._woken.clear()
        return shot
