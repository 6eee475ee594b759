"""The optional road through ultralytics: clear words without it, real detections with it."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from lpr_engine.model.errors import ModelError
from lpr_engine.vision.ultralytics_detector import UltralyticsDetector

is_installed = importlib.util.find_spec("ultralytics") is not None


@pytest.mark.skipif(is_installed, reason="ultralytics is installed here")
def test_without_the_package_the_error_says_what_to_install(tmp_path: Path) -> None:
    path = tmp_path / "plates.pt"
    path.write_bytes(b"weights")

    with pytest.raises(ModelError, match=rf"{path}: .*install lpr-engine\[ultralytics\]"):
        UltralyticsDetector(path)


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"gone.pt: model file is missing"):
        UltralyticsDetector(tmp_path / "gone.pt")


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    """A network of one class with random weights."""
    library = pytest.importorskip("ultralytics")
    try:
        importlib.import_module("torchvision")
    except (ImportError, RuntimeError) as err:
        pytest.skip(f"torchvision does not work here: {err}")
    network = library.YOLO("yolov8n.yaml", task="detect")
    network.model.names = {0: "license_plate", **{n: f"other {n}" for n in range(1, 80)}}
    network.save(tmp_path / "random.pt")
    return tmp_path / "random.pt"


@pytest.mark.training
def test_boxes_come_out_sorted_and_inside_the_picture(weights: Path) -> None:
    detector = UltralyticsDetector(weights, confidence=1e-5, input_size=320)
    noise = np.random.default_rng(1).integers(0, 256, (240, 320, 3), np.uint8)

    found, _ = detector.detect([noise, np.zeros((100, 500, 3), np.uint8)])

    scores = [one.confidence for one in found]
    assert scores
    assert scores == sorted(scores, reverse=True)
    assert all(one.box == one.box.clipped(320, 240) for one in found)
    detector.confidence = 0.99
    assert detector.detect([noise]) == [[]]
    assert detector.detect([]) == []


@pytest.mark.training
def test_file_that_is_no_network_is_refused(weights: Path) -> None:
    weights.write_bytes(b"no network")

    with pytest.raises(ModelError, match="cannot be loaded"):
        UltralyticsDetector(weights)
