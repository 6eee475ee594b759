"""Frames on their way to whoever watches: shown as they were looked at, kept for nobody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lpr_engine.model.frame import Frame
from lpr_engine.model.live import Followed, LiveFrame, LiveListener
from lpr_engine.model.observation import Observation
from lpr_engine.model.ports import PassageTracker
from lpr_engine.pipeline.trouble import Troubles


class Showing:
    """Used by the inference thread only, but for `listen`, which comes before its start."""

    def __init__(self, troubles: Troubles) -> None:
        self._troubles = troubles
        self._listeners: list[LiveListener] = []
        self._looks: dict[str, tuple[int, tuple[Observation, ...]]] = {}

    def listen(self, listener: LiveListener) -> None:
        """Show this listener too what the cameras show; before the start only."""
        self._listeners.append(listener)

    def looked(
        self, frame: Frame, observations: Sequence[Observation], tracker: PassageTracker
    ) -> None:
        """Show a frame with what was seen in it."""
        if self._listeners:
            self._looks[frame.camera] = frame.number, tuple(observations)
            self._show(frame, tracker)

    def skipped(self, frame: Frame, tracker: PassageTracker) -> None:
        """Show a frame that nobody looked at, since nothing moved: what was seen is still there."""
        if frame.camera in self._looks:
            self._show(frame, tracker)

    def forget(self, camera: str) -> None:
        """The camera has ended, or what it shows cannot be looked at."""
        self._looks.pop(camera, None)

    def _show(self, frame: Frame, tracker: PassageTracker) -> None:
        with self._troubles.watch(f"camera {frame.camera}: cannot be shown live, see the log"):
            looked_at, observations = self._looks[frame.camera]
            followed = tracker.in_view()
            counted = _counted(frame, observations, followed)
            shown = LiveFrame(frame, counted, looked_at, followed)
            for listener in self._listeners:
                listener.frame_shown(shown)


def _counted(
    frame: Frame, observations: Sequence[Observation], followed: Sequence[Followed]
) -> tuple[Observation, ...]:
    """The observations; what is not followed (under a mask, outside the zones) tells no text."""
    boxes = {plate.box for plate in followed}
    return tuple(
        one if frame.share_of(one.detection.box) in boxes else replace(one, reading=None)
        for one in observations
    )
