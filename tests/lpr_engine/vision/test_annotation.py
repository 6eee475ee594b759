"""Annotated pictures: the plate stays visible, labels stay inside and apart."""

import numpy as np
import pytest

from lpr_engine.model.geometry import Box
from lpr_engine.model.observation import Crop, Detection, Observation, Reading
from lpr_engine.model.pixels import Pixels
from lpr_engine.vision.annotation import DOUBTFUL, SURE, UNSURE, Caption, Pen, annotate

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_"


def observed(box: Box, text: str | None = "AB123CD", certainty: float = 0.99) -> Observation:
    crop = Crop(np.zeros((4, 8, 3), np.uint8), 1.0)
    if text is None:
        return Observation(Detection(box, 0.7), crop, None)
    rest = (1 - certainty) / (len(ALPHABET) - 1)
    rows = np.full((len(text), len(ALPHABET)), rest, np.float32)
    for slot, sign in enumerate(text):
        rows[slot, ALPHABET.index(sign)] = certainty
    return Observation(Detection(box, 0.7), crop, Reading(text, rows, ALPHABET))


def noise(width: int, height: int) -> Pixels:
    return np.random.default_rng(5).integers(0, 256, (height, width, 3), np.uint8)


@pytest.mark.parametrize("size", [(160, 120), (1280, 720), (3840, 2160)])
def test_plate_itself_is_not_painted_over(size: tuple[int, int]) -> None:
    picture = noise(*size)
    box = Box(size[0] // 4, size[1] // 2, size[0] // 2, size[1] * 2 // 3)

    drawn = annotate(picture, [observed(box)])

    x0, y0, x1, y1 = (int(edge) for edge in box.as_tuple())
    inner = (slice(y0 + 4, y1 - 4), slice(x0 + 4, x1 - 4))
    assert (drawn[inner] == picture[inner]).all()
    assert (drawn != picture).any()


@pytest.mark.parametrize("size", [(160, 120), (1280, 720), (3840, 2160)])
def test_frame_and_label_can_be_seen(size: tuple[int, int]) -> None:
    box = Box(size[0] // 4, size[1] // 2, size[0] // 2, size[1] * 2 // 3)

    drawn = annotate(np.zeros((size[1], size[0], 3), np.uint8), [observed(box)])

    rows = np.flatnonzero((drawn == 255).all(axis=2).any(axis=1))
    assert rows[-1] - rows[0] + 1 >= max(6, size[1] / 50), "letters of a legible height"
    assert (drawn == SURE).all(axis=2).any()


def test_picture_that_is_given_stays_as_it_is() -> None:
    picture = noise(320, 240)
    before = picture.copy()

    annotate(picture, [observed(Box(50, 50, 100, 70))])

    assert (picture == before).all()


def test_without_plates_the_picture_is_only_copied() -> None:
    picture = noise(320, 240)

    drawn = annotate(picture, [])

    assert (drawn == picture).all()
    assert not np.shares_memory(drawn, picture)


@pytest.mark.parametrize("shape", [(1, 1), (1, 300), (300, 1), (9, 14), (30, 30)])
def test_tiny_pictures_are_no_trouble(shape: tuple[int, int]) -> None:
    picture = np.zeros((*shape, 3), np.uint8)

    assert annotate(picture, [observed(Box(0, 0, shape[1], shape[0]))]).shape == picture.shape


@pytest.mark.parametrize(
    "box",
    [Box(0, 0, 60, 20), Box(580, 0, 640, 20), Box(0, 460, 60, 480), Box(580, 460, 640, 480)],
)
def test_label_of_a_plate_in_a_corner_stays_inside(box: Box) -> None:
    drawn = annotate(np.zeros((480, 640, 3), np.uint8), [observed(box)])

    middle = annotate(np.zeros((480, 640, 3), np.uint8), [observed(Box(300, 200, 360, 220))])
    assert (drawn == 255).all(axis=2).sum() == (middle == 255).all(axis=2).sum()


def test_labels_of_neighbours_do_not_cover_each_other() -> None:
    canvas = np.zeros((480, 640, 3), np.uint8)
    boxes = [Box(200, 200, 300, 230), Box(310, 200, 410, 230)]

    together = annotate(canvas, [observed(box) for box in boxes])

    alone = [annotate(canvas, [observed(box)]) for box in boxes]
    letters = [int((drawn == 255).all(axis=2).sum()) for drawn in alone]
    assert int((together == 255).all(axis=2).sum()) == sum(letters)


@pytest.mark.parametrize(("certainty", "colour"), [(0.995, SURE), (0.9, UNSURE), (0.7, DOUBTFUL)])
def test_colour_tells_the_confidence(certainty: float, colour: tuple[int, int, int]) -> None:
    assert Caption.of(observed(Box(0, 0, 9, 9), certainty=certainty)).colour == colour


@pytest.mark.parametrize("text", [None, ""])
def test_plate_without_reading_shows_the_detection(text: str | None) -> None:
    caption = Caption.of(observed(Box(0, 0, 9, 9), text))

    assert (caption.text, caption.confidence) == ("?", 0.7)


def test_long_text_shrinks_to_the_picture() -> None:
    pen = Pen.for_picture(400, 300).fitting("A" * 60, 400)

    assert pen.text_width("A" * 60) <= 400
