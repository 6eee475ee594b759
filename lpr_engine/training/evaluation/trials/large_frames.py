"""4K frames with one plate of a wanted width: a labelled picture, shrunk into a wide street."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np

from lpr_engine.model.pixels import Pixels
from lpr_engine.training.detection.labels import Boxes
from lpr_engine.training.evaluation.trials.pictures import KnownPicture
from lpr_engine.training.synthetic.street import Camera, draw_street

WIDTH_PX, HEIGHT_PX = 3840, 2160
_CAMERA = Camera(width=WIDTH_PX, height=HEIGHT_PX, horizon=870, focal_px=4200.0)
_STREETS = 4
_SEED = 16


@dataclass(frozen=True, slots=True, eq=False)
class LargeFrame:
    """A frame and the box of its plate, (1, 4)."""

    pixels: Pixels
    box_xyxy: Boxes


def large_frames(pictures: Iterable[KnownPicture], plate_px: float) -> Iterator[LargeFrame]:
    """One frame for each picture with a plate at least so wide and room for it; always the same."""
    for number, picture in enumerate(pictures):
        widths = picture.boxes_xyxy[:, 2] - picture.boxes_xyxy[:, 0]
        factor = plate_px / max(1e-6, float(widths.max(initial=0.0)))
        height, width = picture.pixels.shape[:2]
        if factor > 1 or factor * width > WIDTH_PX or factor * height > HEIGHT_PX:
            continue
        box = picture.boxes_xyxy[int(widths.argmax())]
        generator = np.random.default_rng((_SEED, number, round(plate_px)))
        yield _placed(_street(number % _STREETS), picture.pixels, box, factor, generator)


@lru_cache(_STREETS)
def _street(number: int) -> Pixels:
    drawn = draw_street(_CAMERA, np.random.default_rng((_SEED, number)))
    return np.ascontiguousarray(drawn[..., ::-1])


def _placed(
    street: Pixels,
    pixels: Pixels,
    box: Boxes,
    factor: float,
    generator: np.random.Generator,
) -> LargeFrame:
    """The picture, made smaller, somewhere in the street."""
    small = cv2.resize(pixels, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    height, width = small.shape[:2]
    x, y = (int(generator.integers(room + 1)) for room in (WIDTH_PX - width, HEIGHT_PX - height))
    frame = street.copy()
    frame[y : y + height, x : x + width] = small
    moved = box.reshape(2, 2) * factor + np.array([x, y])
    return LargeFrame(frame, np.asarray(moved.reshape(1, 4), np.float32))
