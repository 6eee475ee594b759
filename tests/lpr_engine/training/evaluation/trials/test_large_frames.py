from __future__ import annotations

import numpy as np
import pytest

from lpr_engine.training.evaluation.trials.large_frames import HEIGHT_PX, WIDTH_PX, large_frames
from lpr_engine.training.evaluation.trials.pictures import KnownPicture


def picture(*boxes: tuple[float, float, float, float]) -> KnownPicture:
    """Boxes of pure white on black, which no drawn street has."""
    pixels = np.zeros((400, 600, 3), np.uint8)
    for x0, y0, x1, y1 in boxes:
        pixels[int(y0) : int(y1), int(x0) : int(x1)] = 255
    return KnownPicture("a.png", pixels, np.array(boxes, np.float32).reshape(-1, 4))


def test_the_widest_plate_gets_the_wanted_width_and_is_where_it_is_said_to_be() -> None:
    (frame,) = large_frames([picture((100, 100, 220, 140), (300, 300, 360, 320))], 60)

    assert frame.pixels.shape == (HEIGHT_PX, WIDTH_PX, 3)
    x0, y0, x1, y1 = frame.box_xyxy[0].tolist()
    assert (x1 - x0, y1 - y0) == pytest.approx((60, 20))
    assert (frame.pixels[int(y0) : int(y1), int(x0) : int(x1)] > 250).all()
    assert frame.pixels[int(y0) - 3, int(x0) : int(x1)].max() == 0


def test_frames_are_the_same_each_time() -> None:
    one, two = (next(large_frames([picture((100, 100, 220, 140))], 40)) for _ in range(2))
    assert np.array_equal(one.pixels, two.pixels)


def test_pictures_are_not_enlarged() -> None:
    small, none = picture((100, 100, 150, 120)), picture()
    assert list(large_frames([small, none], 60)) == []
