"""A viewer's mailbox: the newest frame wins, drops are counted, and no more come than wanted."""

from __future__ import annotations

import pytest

from lpr_engine.api.live.shot import Shot
from lpr_engine.api.live.viewer import Viewer
from lpr_engine.model.live import LiveFrame
from tests.lpr_engine.api.live_house import numbered


def shot(number: int, came_at_s: float) -> Shot:
    return Shot(LiveFrame(numbered("gate", number), (), number), came_at_s)


async def test_the_newest_frame_wins_and_the_others_are_counted() -> None:
    viewer = Viewer(fps=60)
    for number in range(5):
        viewer.offer(shot(number, number * 0.1))
    taken = await viewer.next(1.0)
    assert taken is not None
    assert (taken.shown.frame.number, viewer.dropped) == (4, 4)
    assert await viewer.next(0.01) is None
    viewer.offer(shot(5, 0.5))
    assert viewer.dropped == 4


@pytest.mark.parametrize(
    ("camera_fps", "wanted", "least", "most"),
    [
        (25, 5, 4.8, 5.2),
        (25, 10, 8, 10.2),
        (10, 10, 9.8, 10.2),
        (10, 60, 9.8, 10.2),
        (12, 5, 4, 5.2),
    ],
)
async def test_no_more_frames_come_than_wanted(
    camera_fps: int, wanted: float, least: float, most: float
) -> None:
    viewer, taken, seconds = Viewer(fps=wanted), 0, 10
    for number in range(camera_fps * seconds):
        # Cameras do not tick exactly.
        viewer.offer(shot(number % 256, number / camera_fps + (number % 3 - 1) * 0.004))
        taken += await viewer.next(0.0001) is not None
    assert least <= taken / seconds <= most
    assert viewer.dropped == 0
