"""A frame on its way to the viewers, with the pictures that were made of it so far."""

from __future__ import annotations

import asyncio
from concurrent.futures import Executor

from lpr_engine.model.live import LiveFrame, LivePainter, PictureForm


class Shot:
    """Painted once in each form, however many ask for it; belongs to the server's loop."""

    def __init__(self, shown: LiveFrame, came_at_s: float) -> None:
        self.shown = shown
        self.came_at_s = came_at_s
        self._pictures: dict[PictureForm, asyncio.Future[bytes]] = {}

    async def jpeg(self, form: PictureForm, painter: LivePainter, worker: Executor) -> bytes:
        """The frame in this form, painted by the worker unless it was before.

        Raises:
            PictureError: it cannot be painted.
            RuntimeError: the worker has ended.
        """
        picture = self._pictures.get(form)
        if picture is None:
            loop = asyncio.get_running_loop()
            picture = loop.run_in_executor(worker, painter.jpeg, self.shown, form)
            # Nobody may be left to hear of an error.
            picture.add_done_callback(lambda done: done.cancelled() or done.exception())
            self._pictures[form] = picture
        # Who hangs up while it is painted takes it away from nobody else.
        return await asyncio.shield(picture)
