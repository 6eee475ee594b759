"""The optional road through ultralytics: clear words without it, real detections with it."""

import functools
import importlib.util
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lpr_engine.model.errors import ModelError
from lpr_engine.model.geometry import Box
from lpr_engine.vision.ultralytics_detector import UltralyticsDetector


def test_without_the_package_the_error_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "plates.pt"
    path.write_bytes(b"weights")
    # What Python itself notes for a package that cannot be imported.
    monkeypatch.setitem(sys.modules, "ultralytics", None)

    with pytest.raises(ModelError, match=rf"{path}: .*install lpr-engine\[ultralytics\]"):
        UltralyticsDetector(path)


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"gone.pt: model file is missing"):
        UltralyticsDetector(tmp_path / "gone.pt")


@functools.cache
def make_torchvision_importable() -> None:
    """Give a torchvision without compiled operators the one that ultralytics asks it for.

    Beside a CPU build of torch there may be none that matches; its operators then fail to load.
    """
    torch = importlib.import_module("torch")
    spec = importlib.util.find_spec("torchvision")
    assert spec is not None
    assert spec.origin is not None
    try:
        torch.ops.load_library(str(next(Path(spec.origin).parent.glob("_C*.so"))))
    except OSError:
        # The second is only asked to exist when torchvision is imported.
        for name in ("torchvision::nms", "torchvision::qnms"):
            torch.library.define(name, "(Tensor boxes, Tensor scores, float iou) -> Tensor")
            torch.library.impl(name, "CPU", suppressed)
        importlib.import_module("torchvision.extension")._has_ops = lambda: True


def suppressed(boxes: Any, scores: Any, iou: float) -> Any:
    """Indices of the boxes that stay, best first, as torchvision's own operator gives them."""
    torch = importlib.import_module("torch")
    order = scores.argsort(descending=True).tolist()
    corners = [Box(*box) for box in boxes.tolist()]
    kept: list[int] = []
    for index in order:
        if all(corners[index].iou(corners[other]) <= iou for other in kept):
            kept.append(index)
    return torch.tensor(kept, dtype=torch.int64)


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    """A network of one class with random weights."""
    library = pytest.importorskip("ultralytics")
    make_torchvision_importable()
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
