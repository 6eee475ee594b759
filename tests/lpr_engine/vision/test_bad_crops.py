"""The bundled reader and the cropper on what is no plate, or hardly a picture: no crash, no lie."""

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from lpr_engine.config.sections import ModelsSection
from lpr_engine.model.geometry import Box
from lpr_engine.model.observation import Crop, Detection, Reading
from lpr_engine.vision.cropper import LooseCropper
from lpr_engine.vision.opening import open_vision
from lpr_engine.vision.sight import PlateVision

CONFIDENT = 0.5
Picture = NDArray[Any]


@pytest.fixture(scope="module")
def vision() -> PlateVision:
    return open_vision(ModelsSection(provider="cpu"))


def read_one(vision: PlateVision, pixels: Picture) -> Reading:
    (reading,) = vision.reader.read([Crop(pixels, 0.5)])
    return reading


def is_honest(reading: Reading) -> bool:
    """Whether nothing is told for sure of a picture on which nothing stands."""
    return not reading.text or reading.confidence < CONFIDENT


def noise(rng: np.random.Generator, height: int, width: int) -> Picture:
    return rng.integers(0, 256, (height, width, 3), np.uint8)


def grain(rng: np.random.Generator, height: int, width: int) -> Picture:
    values = rng.normal(rng.uniform(0, 255), rng.uniform(5, 60), (height, width, 3))
    return np.clip(values, 0, 255).astype(np.uint8)


def plain(rng: np.random.Generator, height: int, width: int) -> Picture:
    return np.full((height, width, 3), rng.integers(0, 256, 3), np.uint8)


def ramp(rng: np.random.Generator, height: int, width: int) -> Picture:
    values = np.linspace(rng.uniform(0, 120), rng.uniform(130, 255), width)
    return np.ascontiguousarray(np.broadcast_to(values[None, :, None], (height, width, 3))).astype(
        np.uint8
    )


def chequers(rng: np.random.Generator, height: int, width: int) -> Picture:
    y, x = np.mgrid[:height, :width]
    squares = np.sin(x / rng.uniform(1, 8)) * np.sin(y / rng.uniform(1, 8)) > 0
    return np.repeat(np.where(squares, 220, 30).astype(np.uint8)[..., None], 3, axis=2)


def clouds(rng: np.random.Generator, height: int, width: int) -> Picture:
    waves = cv2.GaussianBlur(rng.normal(size=(height, width)), (0, 0), rng.uniform(1, 5))
    scaled = 127 + 100 * waves / np.abs(waves).max()
    return np.repeat(scaled.astype(np.uint8)[..., None], 3, axis=2)


@pytest.mark.parametrize("kind", [noise, grain, plain, ramp, chequers, clouds])
def test_no_text_is_sure_where_none_stands(
    kind: Callable[[np.random.Generator, int, int], Picture], vision: PlateVision
) -> None:
    rng = np.random.default_rng(23)
    heights = rng.integers(12, 120, 40)
    crops = [
        Crop(kind(rng, int(height), int(height * rng.uniform(1.5, 5))), 0.5) for height in heights
    ]

    readings = vision.reader.read(crops)

    assert [one.text for one in readings if not is_honest(one)] == []


BASE = np.random.default_rng(3).integers(0, 256, (40, 130, 3), np.uint8)
ODD = {
    "one pixel": BASE[:1, :1],
    "no width": BASE[:, :0],
    "no height": BASE[:0],
    "nothing": np.zeros((0, 0, 3), np.uint8),
    "huge": np.full((4000, 4000, 3), 90, np.uint8),
    "one row, 4000 wide": np.full((1, 4000, 3), 90, np.uint8),
    "one column, 4000 high": np.full((4000, 1, 3), 90, np.uint8),
    "grey": BASE[..., 0],
    "one channel": BASE[..., :1],
    "two channels": BASE[..., :2],
    "alpha": np.dstack([BASE, BASE[..., :1]]),
    "16 bit": BASE.astype(np.uint16) * 257,
    "float to 1": BASE.astype(np.float32) / 255,
    "float to 255": BASE.astype(np.float64),
    "no numbers": np.full((20, 60, 3), np.nan, np.float32),
    "without end": np.full((20, 60, 3), np.inf, np.float32),
    "bits": BASE > 128,
    "signed": BASE.astype(np.int32) - 128,
    "every other pixel": BASE[::2, ::2],
    "upside down": BASE[::-1],
    "mirrored": BASE[:, ::-1],
    "channels reversed": BASE[..., ::-1],
    "column by column": np.asfortranarray(BASE),
    "never to be written": np.broadcast_to(np.uint8(70), (30, 90, 3)),
}


@pytest.mark.parametrize("name", ODD)
def test_odd_arrays_are_read_without_a_lie(name: str, vision: PlateVision) -> None:
    reading = read_one(vision, ODD[name])

    assert is_honest(reading)
    assert reading.probabilities.sum(axis=1) == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize("name", ODD)
def test_odd_frames_are_cut(name: str) -> None:
    frame = ODD[name]
    width, height = float(frame.shape[1]), float(frame.shape[0])

    crop = LooseCropper().crop(frame, Detection(Box(1, 1, width - 1, height - 1), 0.5))

    assert crop.pixels.dtype == np.uint8
    assert crop.pixels.shape[2] == 3
    assert crop.pixels.size > 0
    assert 0 <= crop.quality <= 1
    assert not np.shares_memory(crop.pixels, frame)


@pytest.mark.parametrize(
    ("name", "turn"),
    [
        ("upside down", lambda picture: picture[::-1]),
        ("mirrored", lambda picture: picture[:, ::-1]),
        ("channels reversed", lambda picture: picture[..., ::-1]),
        ("column by column", np.asfortranarray),
        ("every other pixel", lambda picture: picture[::2, ::2]),
    ],
)
def test_memory_layout_changes_no_reading(
    name: str, turn: Callable[[Picture], Picture], vision: PlateVision
) -> None:
    turned = turn(BASE)

    ours, theirs = (
        read_one(vision, pixels).probabilities for pixels in (turned, np.ascontiguousarray(turned))
    )

    assert np.array_equal(ours, theirs)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.tuples(
            st.integers(0, 300), st.integers(0, 300), st.sampled_from([0, 1, 2, 3, 4]),
            st.sampled_from([np.uint8, np.uint16, np.float32, np.int16, np.bool_]),
        ),
        min_size=1, max_size=4,
    )
)  # fmt: skip
def test_any_batch_gives_one_honest_reading_each(
    vision: PlateVision, layouts: list[tuple[int, int, int, type]]
) -> None:
    pictures = [
        np.full((height, width, channels) if channels else (height, width), 1, kind)
        for height, width, channels, kind in layouts
    ]

    readings = vision.reader.read([Crop(picture, 0.0) for picture in pictures])

    assert len(readings) == len(pictures)
    assert all(is_honest(reading) for reading in readings)
