"""Detector, cropper and reader together, opened as a configuration says."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from lpr_engine.config.sections import ModelsSection
from lpr_engine.model.errors import ModelError
from lpr_engine.model.geometry import Box
from lpr_engine.model.observation import Crop, Detection, Reading
from lpr_engine.model.pixels import Pixels
from lpr_engine.vision.opening import open_vision
from lpr_engine.vision.sight import MAX_PLATES_PER_PICTURE, PlateVision
from lpr_engine.vision.tiling import TiledDetector


@pytest.fixture
def section(
    spotter: Callable[..., Path], speller: Callable[..., tuple[Path, Path]]
) -> ModelsSection:
    weights, config = speller()
    return ModelsSection(
        detector=str(spotter()),
        reader=str(weights),
        plate_config=config,
        input_size=320,
        provider="cpu",
        threads=1,
    )


def test_every_plate_is_cut_out_and_read(
    section: ModelsSection, picture_with_plate: Callable[..., Pixels]
) -> None:
    vision = open_vision(section)
    pictures = [
        picture_with_plate(640, 480, (100, 100, 300, 160)),
        np.zeros((480, 640, 3), np.uint8),
        picture_with_plate(500, 900, (40, 700, 240, 760)),
    ]

    look = vision.look_timed(pictures)

    assert [len(observations) for observations in look.observations] == [1, 0, 1]
    for observations in look.observations[::2]:
        assert observations[0].reading is not None
        assert len(observations[0].reading.text) == 3
        assert observations[0].crop.pixels.shape[1] >= 200
    assert look.times.total_ms == pytest.approx(
        look.times.detect_ms + look.times.crop_ms + look.times.read_ms
    )


def test_nothing_to_look_at(section: ModelsSection) -> None:
    assert open_vision(section).look([]) == []


def test_tiling_is_put_around_the_detector(section: ModelsSection) -> None:
    assert isinstance(open_vision(replace(section, tiling=True)).detector, TiledDetector)


def test_missing_model_is_an_error_not_an_empty_result(
    section: ModelsSection, tmp_path: Path
) -> None:
    with pytest.raises(ModelError, match=r"gone.onnx: model file is missing"):
        open_vision(replace(section, detector=str(tmp_path / "gone.onnx")))


def test_models_that_need_ultralytics_say_so(section: ModelsSection, tmp_path: Path) -> None:
    path = tmp_path / "plates.pt"
    path.write_bytes(b"not really a network")

    with pytest.raises(ModelError, match=rf"{path}: "):
        open_vision(replace(section, detector=str(path)))


def test_each_picture_has_its_own_least_confidence(
    section: ModelsSection, picture_with_plate: Callable[..., Pixels]
) -> None:
    picture = picture_with_plate(640, 480, (100, 100, 300, 160))

    look = open_vision(section).look_timed([picture, picture], [0.79, 0.81])

    assert [len(observations) for observations in look.observations] == [1, 0]


class SureOfEverything:
    """Finds forty boxes in each picture, less and less sure."""

    def detect(self, pictures: Sequence[Pixels]) -> list[list[Detection]]:
        boxes = [Detection(Box(0, 0, 9, 5), 1 - number / 40) for number in range(40)]
        return [boxes for _ in pictures]

    def crop(self, picture: Pixels, detection: Detection) -> Crop:
        return Crop(picture, detection.confidence)

    def read(self, crops: Sequence[Crop]) -> list[Reading]:
        return [Reading("A", np.eye(2, dtype=np.float32)[[0]], "A_") for _ in crops]


def test_each_picture_has_its_own_least_confidence_and_noise_is_bounded() -> None:
    all_in_one = SureOfEverything()
    pictures = [np.zeros((10, 10, 3), np.uint8)] * 3
    look = PlateVision(all_in_one, all_in_one, all_in_one).look_timed(pictures, [0.9, 0.0, 1.1])
    assert [len(row) for row in look.observations] == [5, MAX_PLATES_PER_PICTURE, 0]
    assert all(one.detection.confidence >= 0.9 for one in look.observations[0])
