"""The models of the package, on its sample clip and on hostile pictures."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

import lpr_engine
from lpr_engine.config.sections import ModelsSection
from lpr_engine.model.geometry import Box
from lpr_engine.model.observation import Crop, Observation
from lpr_engine.model.pixels import Pixels
from lpr_engine.vision.opening import open_vision
from lpr_engine.vision.registry import ModelPaths, ModelRegistry
from lpr_engine.vision.runtime import Runtime
from lpr_engine.vision.sight import PlateVision

SAMPLES = Path(lpr_engine.__file__).parent / "samples"
BATCH = 8


@pytest.fixture(scope="module")
def vision() -> PlateVision:
    return open_vision(ModelsSection(provider="cpu"))


def clip_frames(every: int) -> Iterator[Pixels]:
    clip = cv2.VideoCapture(str(SAMPLES / "street.mp4"))
    number = 0
    while clip.grab():
        if number % every == 0:
            yield np.asarray(clip.retrieve()[1], np.uint8)
        number += 1
    clip.release()


@pytest.fixture(scope="module")
def seen(vision: PlateVision) -> list[list[Observation]]:
    frames = list(clip_frames(every=4))
    return [
        observations
        for start in range(0, len(frames), BATCH)
        for observations in vision.look(frames[start : start + BATCH])
    ]


def test_every_plate_of_the_sample_clip_is_read(seen: list[list[Observation]]) -> None:
    told = json.loads((SAMPLES / "street.json").read_text(encoding="utf-8"))
    texts = {
        one.reading.text
        for observations in seen
        for one in observations
        if one.reading is not None and one.reading.confidence > 0.5
    }

    assert {plate["text"] for plate in told["plates"]} <= texts


def test_empty_street_shows_no_plate(seen: list[list[Observation]]) -> None:
    assert seen[0] == []


def test_boxes_lie_inside_their_frames_and_come_best_first(
    seen: list[list[Observation]],
) -> None:
    frame = next(clip_frames(every=1))
    for observations in seen:
        scores = [one.detection.confidence for one in observations]
        assert scores == sorted(scores, reverse=True)
        for one in observations:
            assert one.detection.box.clipped(frame.shape[1], frame.shape[0]) == one.detection.box


def test_probabilities_are_whole_distributions(seen: list[list[Observation]]) -> None:
    readings = [one.reading for observations in seen for one in observations]
    assert readings
    for reading in readings:
        assert reading is not None
        assert reading.probabilities.sum(axis=1) == pytest.approx(1, abs=1e-4)
        assert reading.probabilities.shape[1] == len(reading.alphabet)


@pytest.fixture(scope="module")
def best_frame(vision: PlateVision) -> Pixels:
    """The frame of the clip's first car in which its plate is largest, surely read and well inside.

    At the edge it would leave the picture when that is turned.
    """
    frames = list(clip_frames(every=4))[:16]
    sizes = [
        max((one.detection.box.area for one in seen if is_plain(one)), default=0.0)
        for seen in vision.look(frames)
    ]
    assert max(sizes) > 0
    return frames[int(np.argmax(sizes))]


def is_plain(observation: Observation) -> bool:
    x, y = observation.detection.box.center
    reading = observation.reading
    return reading is not None and reading.confidence > 0.5 and 200 < x < 1080 and 100 < y < 600


@pytest.mark.parametrize("angle", [-12, 12])
def test_turned_plates_are_read(angle: float, vision: PlateVision, best_frame: Pixels) -> None:
    """A plate that is plain when level is still read when the camera hangs askew."""
    height, width = best_frame.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    turned = np.asarray(cv2.warpAffine(best_frame, matrix, (width, height)), np.uint8)

    before, after = vision.look([best_frame, turned])

    wanted = max(before, key=lambda one: one.detection.box.area).reading
    assert wanted is not None
    assert wanted.text in {one.reading.text for one in after if one.reading is not None}


@pytest.mark.parametrize(
    "shape", [(1, 1), (1, 700), (700, 1), (2, 3), (33, 31), (4320, 7680)], ids=str
)
@pytest.mark.parametrize("value", [0, 255])
def test_hostile_pictures_show_no_plate(
    shape: tuple[int, int], value: int, vision: PlateVision
) -> None:
    assert vision.look([np.full((*shape, 3), value, np.uint8)]) == [[]]


COLOURS = {
    "grey": (114, 114, 114), "red": (0, 0, 255), "yellow": (0, 220, 250), "blue": (200, 90, 20),
    "night": (9, 7, 6), "snow": (250, 248, 244),
}  # fmt: skip
LAYOUTS = {
    "grey": lambda picture: picture[..., 1],
    "one channel": lambda picture: picture[..., 1:2],
    "16 bit": lambda picture: picture.astype(np.uint16) * 257,
    "16 bit grey": lambda picture: picture[..., 1].astype(np.uint16) * 257,
    "alpha": lambda picture: np.dstack([picture, np.full(picture.shape[:2], 3, np.uint8)]),
    "float": lambda picture: picture.astype(np.float32) / 255,
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("colour", COLOURS)
def test_frames_of_one_colour_show_no_plate_in_any_layout(
    colour: str, layout: str, vision: PlateVision
) -> None:
    frame = np.full((360, 640, 3), COLOURS[colour], np.uint8)

    assert vision.look([LAYOUTS[layout](frame), frame]) == [[], []]


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("tiling", [False, True])
def test_a_plate_is_read_in_any_layout(
    layout: str, tiling: bool, vision: PlateVision, best_frame: Pixels
) -> None:
    looked = open_vision(ModelsSection(provider="cpu", tiling=True)) if tiling else vision
    (plain,) = looked.look([np.repeat(best_frame[..., 1:2], 3, axis=2)])
    wanted = {text_of(one) for one in (*looked.look([best_frame])[0], *plain)}

    (seen,) = looked.look([LAYOUTS[layout](best_frame)])

    assert seen
    assert {text_of(one) for one in seen} <= wanted


@pytest.mark.parametrize("shape", [(1, 1), (4320, 7680)], ids=["1x1", "8K"])
@pytest.mark.parametrize("layout", ["grey", "16 bit", "alpha"])
def test_smallest_and_largest_frames_pass_in_any_layout(
    layout: str, shape: tuple[int, int], vision: PlateVision
) -> None:
    assert vision.look([LAYOUTS[layout](np.full((*shape, 3), 90, np.uint8))]) == [[]]


@pytest.mark.parametrize("shape", [(0, 0), (0, 640, 3), (360, 0, 3)], ids=str)
def test_frames_without_pixels_show_nothing(shape: tuple[int, ...], vision: PlateVision) -> None:
    assert vision.look([np.zeros(shape, np.uint8)]) == [[]]


def test_nothing_is_told_of_noise_and_ramps(vision: PlateVision) -> None:
    rng = np.random.default_rng(5)
    noise = rng.integers(0, 256, (3, 360, 640, 3), np.uint8)
    ramp = np.broadcast_to(np.linspace(0, 255, 640)[:, None], (360, 640, 3)).astype(np.uint8)

    assert vision.look([*noise, ramp]) == [[]] * 4


def test_one_batch_of_many_shapes_is_the_same_as_one_by_one(
    vision: PlateVision, best_frame: Pixels
) -> None:
    frame = best_frame
    pictures = [frame, frame[:600], np.zeros((50, 50, 3), np.uint8), frame[:, :900], frame]

    together = vision.look(pictures)
    alone = [vision.look([picture])[0] for picture in pictures]

    for batch, single in zip(together, alone, strict=True):
        assert [text_of(one) for one in batch] == [text_of(one) for one in single]
        for one, other in zip(batch, single, strict=True):
            assert one.detection.box.iou(other.detection.box) > 0.98


def text_of(observation: Observation) -> str | None:
    return None if observation.reading is None else observation.reading.text


@pytest.mark.parametrize("shape", [(1, 1), (3, 90), (90, 3), (2000, 5000)], ids=str)
def test_reader_answers_for_any_crop(shape: tuple[int, int], vision: PlateVision) -> None:
    noise = np.random.default_rng(2).integers(0, 256, (*shape, 3), np.uint8)

    (reading,) = vision.reader.read([Crop(noise, 0.1)])

    assert 0 <= reading.confidence <= 1


def test_tiles_find_plates_that_the_whole_picture_hides(
    vision: PlateVision, best_frame: Pixels
) -> None:
    (found, *_) = vision.look([best_frame])[0]
    canvas = np.full((2700, 4800, 3), 90, np.uint8)
    canvas[1900:2620, 3400:4680] = best_frame
    box = found.detection.box
    place = Box(box.x0 + 3400, box.y0 + 1900, box.x1 + 3400, box.y1 + 1900)

    (tiled,) = open_vision(ModelsSection(provider="cpu", tiling=True)).look([canvas])

    assert max(one.detection.box.iou(place) for one in tiled) > 0.6


@pytest.mark.filterwarnings("ignore:Specified provider")
@pytest.mark.parametrize(
    ("provider", "bundled"), [("cpu", "{}-int8"), ("cuda", "{}")], ids=["processor", "GPU"]
)
def test_auto_is_the_form_that_is_fastest_there(
    provider: str, bundled: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    resolve = ModelRegistry.resolve

    def noted(self: ModelRegistry, name: str, *rest: Any) -> ModelPaths:
        asked.append(name)
        return resolve(self, name, *rest)

    monkeypatch.setattr(ModelRegistry, "resolve", noted)
    monkeypatch.setattr(Runtime, "candidates", lambda _self: list(dict.fromkeys((provider, "cpu"))))

    open_vision(ModelsSection())

    assert asked == [bundled.format("detector"), bundled.format("reader")]
