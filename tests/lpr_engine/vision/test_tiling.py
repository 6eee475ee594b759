"""Tiles cover the picture, and small plates in large pictures are found once each."""

import itertools
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lpr_engine.model.pixels import Pixels
from lpr_engine.vision.detector import OnnxDetector
from lpr_engine.vision.runtime import Runtime
from lpr_engine.vision.tiling import MAX_TILES_PER_SIDE, OVERLAP, TiledDetector, tiles


@given(st.integers(1, 8000), st.integers(1, 8000), st.integers(64, 1280))
def test_tiles_cover_the_picture_and_overlap(width: int, height: int, tile_px: int) -> None:
    whole, *parts = tiles(width, height, tile_px)

    assert whole.as_tuple() == (0, 0, width, height)
    if max(width, height) <= 1.5 * tile_px:
        assert parts == []
        return
    for start, end, limit in (("x0", "x1", width), ("y0", "y1", height)):
        spans = sorted({(getattr(part, start), getattr(part, end)) for part in parts})
        assert spans[0][0] == 0
        assert spans[-1][1] == limit
        assert len(spans) <= MAX_TILES_PER_SIDE
        side = spans[0][1]
        for (_, left_end), (right_start, _) in itertools.pairwise(spans):
            assert left_end - right_start >= OVERLAP * side - 1
    assert len(parts) == len(set(parts))


def detector_for_small_plates(path: Path, runtime: Runtime) -> OnnxDetector:
    return OnnxDetector(path, runtime, input_size=320)


@pytest.mark.parametrize("place", [(5, 5), (955, 500), (640, 360), (1700, 1050), (318, 316)])
def test_small_plate_is_found_once(
    place: tuple[int, int],
    spotter: Callable[..., Path],
    picture_with_plate: Callable[..., Pixels],
    runtime: Runtime,
) -> None:
    x, y = place
    picture = picture_with_plate(1920, 1080, (x, y, x + 30, y + 10))
    inner = detector_for_small_plates(spotter(), runtime)
    detector = TiledDetector(inner, inner.input_size)

    ((found,),) = detector.detect([picture])

    assert found.box.as_tuple() == pytest.approx((x, y, x + 30, y + 10), abs=4)


def test_plate_larger_than_a_tile_is_found_whole(
    spotter: Callable[..., Path],
    picture_with_plate: Callable[..., Pixels],
    runtime: Runtime,
) -> None:
    picture = picture_with_plate(1600, 900, (100, 300, 1500, 700))
    inner = detector_for_small_plates(spotter(), runtime)

    ((found,),) = TiledDetector(inner, inner.input_size).detect([picture])

    assert found.box.as_tuple() == pytest.approx((100, 300, 1500, 700), abs=8)


def test_pictures_small_and_large_keep_their_places(
    spotter: Callable[..., Path],
    picture_with_plate: Callable[..., Pixels],
    runtime: Runtime,
) -> None:
    inner = detector_for_small_plates(spotter(), runtime)
    pictures = [
        picture_with_plate(300, 200, (20, 20, 60, 40)),
        np.zeros((1000, 1000, 3), np.uint8),
        picture_with_plate(1000, 1000, (700, 700, 760, 730)),
    ]

    first, second, third = TiledDetector(inner, inner.input_size).detect(pictures)

    assert len(first) == 1
    assert second == []
    assert third[0].box.as_tuple() == pytest.approx((700, 700, 760, 730), abs=4)


def test_confidence_reaches_the_inner_detector(
    spotter: Callable[..., Path],
    picture_with_plate: Callable[..., Pixels],
    runtime: Runtime,
) -> None:
    inner = detector_for_small_plates(spotter(), runtime)
    detector = TiledDetector(inner, inner.input_size)
    detector.confidence = 0.95

    assert detector.confidence == inner.confidence == 0.95
    assert detector.detect([picture_with_plate(300, 200, (20, 20, 60, 40))]) == [[]]
