"""Plates found by a `.pt` or `.engine` network, through the optional package ultralytics."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from lpr_engine.model.errors import ModelError
from lpr_engine.model.geometry import Box
from lpr_engine.model.observation import Detection
from lpr_engine.model.pixels import Pixels
from lpr_engine.vision.decoding import plate_classes
from lpr_engine.vision.model_file import usable_file

SUFFIXES = frozenset({".pt", ".engine"})


class UltralyticsDetector:
    """A `PlateDetector`; `confidence` and `input_size` may be changed between two calls."""

    def __init__(
        self,
        path: Path,
        *,
        confidence: float = 0.35,
        input_size: int = 544,
        max_iou: float = 0.5,
    ) -> None:
        """Load the network; a `.pt` file is a pickle, so it must come from a trusted place.

        Raises:
            ModelError: ultralytics is not installed, or the file is missing or broken.
        """
        self._path = usable_file(path)
        self.confidence = confidence
        self.input_size = input_size
        self.max_iou = max_iou
        self._network, self._classes = _load(path)

    def detect(self, pictures: Sequence[Pixels]) -> list[list[Detection]]:
        """Detections of each picture, best first, boxes in pixels of that picture.

        Raises:
            ModelError: the network could not be run.
        """
        if not pictures:
            return []
        try:
            results = self._network.predict(
                list(pictures),
                conf=self.confidence,
                iou=self.max_iou,
                imgsz=self.input_size,
                classes=self._classes,
                agnostic_nms=True,
                verbose=False,
            )
        except (RuntimeError, ValueError) as err:
            raise ModelError(f"{self._path}: could not be run: {err}") from err
        return [_detections(result.boxes) for result in results]


def _load(path: Path) -> tuple[Any, list[int] | None]:
    try:
        library = importlib.import_module("ultralytics")
    except ImportError as err:
        raise ModelError(
            f"{path}: {path.suffix} models need the package ultralytics; "
            "install lpr-engine[ultralytics] or use an ONNX model"
        ) from err
    try:
        network = library.YOLO(str(path), task="detect")
        plates = plate_classes(network.names)
    except ModelError as err:
        raise ModelError(f"{path}: {err}") from err
    except (
        RuntimeError,
        ValueError,
        TypeError,
        KeyError,
        AttributeError,
        OSError,
        EOFError,
    ) as err:
        raise ModelError(f"{path}: cannot be loaded by ultralytics: {err}") from err
    return network, sorted(plates) if plates else None


def _detections(boxes: Any) -> list[Detection]:
    corners = np.asarray(boxes.xyxy.cpu(), np.float64)
    scores = np.asarray(boxes.conf.cpu(), np.float64)
    found = [
        Detection(Box(*(float(edge) for edge in corner)), float(score))
        for corner, score in zip(corners, scores, strict=True)
        if np.isfinite(corner).all() and (corner[2:] - corner[:2]).min() >= 1
    ]
    return sorted(found, key=lambda one: -one.confidence)
