"""The closer look: what is doubtful or small is seen again from near, and nothing else."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lpr_engine.model.geometry import Box
from lpr_engine.model.observation import Detection
from lpr_engine.model.pixels import Pixels
from lpr_engine.vision.closer_look import (
    FIRST_SHARE,
    LEAST_CONFIDENCE,
    MOST_VIEWS,
    VIEW_PX,
    CloserLookDetector,
    judged,
    window,
)
from lpr_engine.vision.detector import OnnxDetector
from lpr_engine.vision.runtime import Runtime


def scene(*rectangles: tuple[int, int, int, int], size: tuple[int, int] = (1280, 720)) -> Pixels:
    picture = np.zeros((size[1], size[0], 3), np.uint8)
    for x0, y0, x1, y1 in rectangles:
        picture[y0:y1, x0:x1] = 255
    return picture


class ScriptedNetwork:
    """Answers whole pictures and near views as told, and notes what it was shown."""

    confidence = 0.35
    input_size = 640
    max_iou = 0.5

    def __init__(self, first: Sequence[Detection], near: Callable[[Pixels], list[Detection]]):
        self.first, self.near = list(first), near
        self.views: list[Pixels] = []

    def detect(
        self, pictures: Sequence[Pixels], input_wh: tuple[int, int] | None = None
    ) -> list[list[Detection]]:
        if input_wh is None:
            return [list(self.first) for _ in pictures]
        assert input_wh == VIEW_PX
        self.views += pictures
        return [self.near(view) for view in pictures]


def middle_of(view: Pixels, confidence: float) -> list[Detection]:
    height, width = view.shape[:2]
    box = Box(width * 0.3, height * 0.35, width * 0.7, height * 0.65)
    return [Detection(box, confidence)]


def looked(network: ScriptedNetwork, picture: Pixels) -> list[Detection]:
    return CloserLookDetector(network).detect([picture])[0]  # type: ignore[arg-type]


def test_a_small_plate_gets_a_tighter_box(spotter: Callable[..., Path], runtime: Runtime) -> None:
    plate = Box(601, 333, 630, 346)
    picture = scene((601, 333, 630, 346))
    (coarse,) = OnnxDetector(spotter(), runtime, input_size=320).detect([picture])[0]
    (close,) = CloserLookDetector(OnnxDetector(spotter(), runtime, input_size=320)).detect(
        [picture]
    )[0]
    assert close.box.iou(plate) > coarse.box.iou(plate)
    assert close.box.iou(plate) > 0.9


def test_a_sure_large_plate_is_not_looked_at_again() -> None:
    network = ScriptedNetwork([Detection(Box(100, 100, 400, 180), 0.9)], lambda _view: [])
    assert looked(network, scene()) == network.first
    assert network.views == []


def test_a_doubtful_one_is_kept_if_it_looks_like_a_plate_from_near() -> None:
    first = Detection(Box(500, 300, 700, 360), 0.15)
    network = ScriptedNetwork([first], lambda view: middle_of(view, 0.9))
    (kept,) = looked(network, scene())
    assert kept.confidence == pytest.approx(FIRST_SHARE * 0.15 + (1 - FIRST_SHARE) * 0.9)
    assert kept.box.iou(first.box) > 0.25


def test_a_doubtful_one_is_dropped_if_it_does_not() -> None:
    network = ScriptedNetwork([Detection(Box(500, 300, 700, 360), 0.6)], lambda _view: [])
    assert looked(network, scene()) == []


def test_a_weak_one_larger_than_the_near_view_would_show_it_is_dropped_unseen() -> None:
    wide = 200 / 640 * 1280
    network = ScriptedNetwork(
        [Detection(Box(100, 100, 100 + wide, 250), 0.3)], lambda view: middle_of(view, 0.9)
    )
    assert looked(network, scene()) == []
    assert network.views == []


def test_a_doubtful_one_as_large_is_looked_at() -> None:
    wide = 200 / 640 * 1280
    network = ScriptedNetwork([Detection(Box(100, 100, 100 + wide, 250), 0.4)], lambda _view: [])
    assert looked(network, scene()) == []
    assert len(network.views) == 1


def test_what_is_seen_elsewhere_in_the_near_view_changes_no_box() -> None:
    first = Detection(Box(500, 300, 700, 360), 0.6)
    network = ScriptedNetwork([first], lambda _view: [Detection(Box(0, 0, 30, 10), 0.9)])
    assert looked(network, scene()) == []


def test_two_candidates_for_one_plate_become_one() -> None:
    first = [
        Detection(Box(500, 300, 700, 360), 0.6),
        Detection(Box(520, 310, 740, 375), 0.5),
    ]
    network = ScriptedNetwork(
        first, lambda view: [Detection(Box(0, 0, view.shape[1], view.shape[0]), 0.9)]
    )
    assert len(looked(network, scene())) <= 1


def test_only_the_surest_candidates_are_looked_at() -> None:
    many = [Detection(Box(20.0 * at, 10, 20.0 * at + 15, 16), 0.6 - 0.01 * at) for at in range(20)]
    network = ScriptedNetwork(many, lambda _view: [])
    looked(network, scene())
    assert len(network.views) == MOST_VIEWS


def test_the_threshold_is_its_own_and_may_change(
    spotter: Callable[..., Path], runtime: Runtime
) -> None:
    network = OnnxDetector(spotter(), runtime, confidence=0.5)
    detector = CloserLookDetector(network)
    assert (detector.confidence, network.confidence) == (0.5, LEAST_CONFIDENCE)
    detector.confidence = 0.95
    assert detector.detect([scene((400, 300, 600, 360))]) == [[]]


def test_no_picture_and_no_plate_need_no_second_look(
    spotter: Callable[..., Path], runtime: Runtime
) -> None:
    detector = CloserLookDetector(OnnxDetector(spotter(), runtime))
    assert detector.detect([]) == []
    assert detector.detect([scene()]) == [[]]


lengths = st.integers(1, 3000)
places = st.floats(0, 1)


@given(lengths, lengths, places, places, st.floats(0.001, 1), st.floats(0.001, 1))
def test_a_window_lies_inside_and_holds_what_it_can(
    width: int, height: int, x: float, y: float, wide: float, high: float
) -> None:
    picture = np.broadcast_to(np.zeros((1, 1, 3), np.uint8), (height, width, 3))
    box = Box(x * width * (1 - wide), y * height * (1 - high), 0, 0)
    box = Box(box.x0, box.y0, box.x0 + wide * width, box.y0 + high * height)
    around = window(box, picture)
    assert 0 <= around.x0 < around.x1 <= width
    assert 0 <= around.y0 < around.y1 <= height
    assert around.x0 <= box.x0 + 1
    assert around.x1 >= box.x1 - 1
    assert around.y0 <= box.y0 + 1
    assert around.y1 >= box.y1 - 1


def test_boxes_of_a_view_are_moved_to_the_picture() -> None:
    first = Detection(Box(100, 50, 150, 70), 0.4)
    around = Box(60, 30, 260, 160)
    seen = judged(first, around, [Detection(Box(41, 21, 89, 39), 0.8)])
    assert seen.box == Box(101, 51, 149, 69)
