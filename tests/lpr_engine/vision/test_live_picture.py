"""Frames as JPEG: the size asked for, and boxes where the plates are at any size."""

from __future__ import annotations

from datetime import datetime, timezone

import cv2
import numpy as np
import pytest

from lpr_engine.model.errors import PictureError
from lpr_engine.model.frame import Frame
from lpr_engine.model.geometry import Box
from lpr_engine.model.live import LiveFrame, PictureForm
from lpr_engine.model.observation import Crop, Detection, Observation
from lpr_engine.model.pixels import Pixels
from lpr_engine.vision.live_picture import JpegPainter

PLATE = Box(600, 300, 760, 360)


def shown(width: int = 1280, height: int = 720) -> LiveFrame:
    pixels = np.full((height, width, 3), 120, np.uint8)
    frame = Frame("gate", pixels, datetime(2026, 1, 1, tzinfo=timezone.utc), 0.0, 1)
    crop = Crop(np.zeros((4, 8, 3), np.uint8), 1.0)
    return LiveFrame(frame, (Observation(Detection(PLATE, 0.7), crop, None),), 1)


def decoded(jpeg: bytes) -> Pixels:
    return cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)


@pytest.mark.parametrize(
    ("width", "size"), [(640, (640, 360)), (1280, (1280, 720)), (3840, (1280, 720))]
)
def test_the_size_asked_for_and_never_larger_than_the_frame(
    width: int, size: tuple[int, int]
) -> None:
    form = PictureForm(width, 90)
    picture = decoded(JpegPainter().jpeg(shown(), form))
    assert picture.shape == (size[1], size[0], 3)
    assert form.size_of(shown().frame) == size


@pytest.mark.parametrize("width", [320, 640, 1280])
def test_the_plate_is_framed_where_it_is_at_any_size(width: int) -> None:
    picture = decoded(JpegPainter().jpeg(shown(), PictureForm(width, 95, annotated=True)))
    # Thin lines lose their colour to JPEG, so only that something is drawn is looked at.
    drawn = (np.abs(picture.astype(int) - 120) > 25).any(axis=2)
    scale = width / 1280
    left = round(PLATE.x0 * scale)
    rows = slice(round(PLATE.y0 * scale) + 2, round(PLATE.y1 * scale) - 2)
    assert drawn[rows, max(0, left - 4) : left + 2].any(axis=1).mean() > 0.9
    assert not drawn[rows, left + 4 : round(PLATE.x1 * scale) - 4].any()
    plain = decoded(JpegPainter().jpeg(shown(), PictureForm(width, 95)))
    assert np.abs(plain.astype(int) - 120).max() < 5


def test_a_better_quality_takes_more_bytes() -> None:
    frame = shown().frame
    noisy = np.random.default_rng(1).integers(0, 256, frame.pixels.shape, np.uint8)
    one = LiveFrame(Frame("gate", noisy, frame.taken_at, 0.0, 1), (), 1)
    painter = JpegPainter()
    assert len(painter.jpeg(one, PictureForm(640, 40))) < len(
        painter.jpeg(one, PictureForm(640, 90))
    )


def test_what_is_no_picture_is_named() -> None:
    one = shown()
    broken = Frame("gate", np.zeros((720, 1280, 5), np.uint8), one.frame.taken_at, 0.0, 1)
    with pytest.raises(PictureError, match="gate"):
        JpegPainter().jpeg(LiveFrame(broken, (), 1), PictureForm(1280, 90))
