"""From the inference thread to the viewers: each camera's newest frame, painted on demand."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from lpr_engine.api.live.shot import Shot
from lpr_engine.api.live.viewer import Viewer
from lpr_engine.model.live import LiveFrame, LivePainter, PictureForm


class LiveFeed:
    """A live listener that costs nothing while nobody watches: nothing is painted for nobody.

    Between the threads lies one slot for each camera, in which the newest frame wins; what the
    loop has no time for is never painted. One worker thread paints, for all cameras.
    """

    def __init__(self, painter: LivePainter) -> None:
        self._painter = painter
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="live")
        self._lock = threading.Lock()
        self._latest: dict[str, Shot] = {}
        self._due: set[str] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._viewers: defaultdict[str, set[Viewer]] = defaultdict(set)

    def frame_shown(self, shown: LiveFrame) -> None:
        """Take note of a camera's newest frame; wakes the loop only where somebody watches."""
        camera = shown.frame.camera
        with self._lock:
            self._latest[camera] = Shot(shown, time.monotonic())
            if self._loop is None or camera in self._due or not self._viewers.get(camera):
                return
            self._due.add(camera)
            # The door may close while cameras still run.
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._deliver, camera)

    def latest(self, camera: str) -> Shot | None:
        """A camera's newest frame, however old."""
        with self._lock:
            return self._latest.get(camera)

    @contextlib.contextmanager
    def watching(self, camera: str, viewer: Viewer) -> Iterator[None]:
        """Offer a viewer each frame of a camera for as long as the block runs, in the loop."""
        with self._lock:
            self._loop = asyncio.get_running_loop()
            self._viewers[camera].add(viewer)
        try:
            yield
        finally:
            with self._lock:
                self._viewers[camera].discard(viewer)

    async def jpeg(self, shot: Shot, form: PictureForm) -> bytes:
        """A frame painted, once for all who ask for the same form.

        Raises:
            PictureError: it cannot be painted.
        """
        return await shot.jpeg(form, self._painter, self._worker)

    def close(self) -> None:
        """Paint nothing more."""
        self._worker.shutdown(wait=False, cancel_futures=True)

    def _deliver(self, camera: str) -> None:
        with self._lock:
            self._due.discard(camera)
            shot, viewers = self._latest[camera], tuple(self._viewers[camera])
        for viewer in viewers:
            viewer.offer(shot)
