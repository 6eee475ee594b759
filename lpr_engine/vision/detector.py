"""Plates found by a YOLO network in ONNX form."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lpr_engine.model.errors import ModelError
from lpr_engine.model.geometry import Box
from lpr_engine.model.observation import Detection
from lpr_engine.model.pixels import Pixels
from lpr_engine.vision.decoding import OutputLayout, decode, layout_of, plate_classes
from lpr_engine.vision.letterbox import PAD_VALUE, STRIDE_PX, Letterbox, network_input
from lpr_engine.vision.model_file import usable_file
from lpr_engine.vision.runtime import RUNTIME_ERRORS, Runtime, open_session
from lpr_engine.vision.suppression import suppress

MAX_BATCH = 8
MIN_SIDE_PX = 1.0


class OnnxDetector:
    """A `PlateDetector`; pictures of any size, batched where they share an input shape.

    `confidence` and `input_size` may be changed between two calls.
    """

    def __init__(
        self,
        path: Path,
        runtime: Runtime,
        *,
        confidence: float = 0.35,
        input_size: int = 544,
        max_iou: float = 0.5,
    ) -> None:
        """Open the network; `input_size` counts only where its input is not fixed.

        Raises:
            ModelError: the file is missing or broken, or is no plate detector.
        """
        self._path = usable_file(path)
        self.confidence = confidence
        self.max_iou = max_iou
        self._input_size = _checked_size(input_size)
        self._session = open_session(path, runtime, self._examine)

    @property
    def is_fixed(self) -> bool:
        """Whether the network takes one size of pictures only."""
        return self._fixed is not None

    @property
    def input_size(self) -> int:
        """Length of the input's long side, in pixels."""
        return max(self._fixed) if self._fixed else self._input_size

    @input_size.setter
    def input_size(self, length_px: int) -> None:
        self._input_size = _checked_size(length_px)

    def detect(
        self, pictures: Sequence[Pixels], input_wh: tuple[int, int] | None = None
    ) -> list[list[Detection]]:
        """Detections of each picture, best first, boxes in pixels of that picture.

        `input_wh` lets the network see them in another size for once, where its input is not fixed.

        Raises:
            ModelError: the network could not be run.
        """
        fitted = [self._fit(picture, input_wh) for picture in pictures]
        groups: dict[tuple[int, int], list[int]] = defaultdict(list)
        for number, letterbox in enumerate(fitted):
            groups[letterbox.input].append(number)
        found: list[list[Detection]] = [[] for _ in pictures]
        for numbers in groups.values():
            for start in range(0, len(numbers), self._batch):
                chunk = numbers[start : start + self._batch]
                for number, rows in zip(chunk, self._scored(pictures, fitted, chunk), strict=True):
                    found[number] = self._detections(fitted[number], rows)
        return found

    def _fit(self, picture: Pixels, input_wh: tuple[int, int] | None) -> Letterbox:
        size = (int(picture.shape[1]), int(picture.shape[0]))
        wanted = self._fixed or input_wh
        if wanted:
            return Letterbox.into(size, wanted)
        return Letterbox.along(size, self._input_size)

    def _scored(
        self, pictures: Sequence[Pixels], fitted: Sequence[Letterbox], chunk: Sequence[int]
    ) -> list[NDArray[np.float32]]:
        canvases = [fitted[number].apply(pictures[number]) for number in chunk]
        if self._batch_is_fixed:
            canvases += [np.zeros_like(canvases[0])] * (self._batch - len(chunk))
        try:
            output = self._run(self._session, network_input(canvases, self._dtype))
        except RUNTIME_ERRORS as err:
            raise ModelError(f"{self._path}: could not be run: {err}") from err
        rows = decode(output, self._layout, len(canvases), self.confidence, self._classes)
        return rows[: len(chunk)]

    def _detections(self, letterbox: Letterbox, rows: NDArray[np.float32]) -> list[Detection]:
        boxes, scores = letterbox.restore(rows[:, :4]), rows[:, 4]
        return [
            Detection(Box(*(float(edge) for edge in boxes[index])), min(1.0, float(scores[index])))
            for index in suppress(boxes, scores, self.max_iou)
            if (boxes[index, 2:] - boxes[index, :2]).min() >= MIN_SIDE_PX
        ]

    def _examine(self, session: Any) -> None:
        """Learn the network's input and output from a trial run."""
        entry = session.get_inputs()[0]
        batch, channels, height, width = _four_sides(entry.shape, self._path)
        if entry.type not in ("tensor(float)", "tensor(float16)") or channels not in (3, None):
            raise ModelError(
                f"{self._path}: input is {entry.type} {entry.shape}, "
                "not float (n, 3, height, width)"
            )
        self._input_name = entry.name
        self._dtype = np.float16 if entry.type == "tensor(float16)" else np.float32
        self._fixed = (width, height) if width and height else None
        self._batch_is_fixed = batch is not None
        self._batch = batch or MAX_BATCH
        self._classes = plate_classes(_class_names(session))
        wide, high = self._fixed or (self._input_size, self._input_size)
        grey = np.full((high, wide, 3), PAD_VALUE, np.uint8)
        output = self._run(session, network_input([grey] * (batch or 1), self._dtype))
        self._layout = self._layout_of(output)

    def _layout_of(self, output: NDArray[np.floating]) -> OutputLayout:
        try:
            layout = layout_of(output.shape)
        except ModelError as err:
            raise ModelError(f"{self._path}: {err}") from err
        classes = len(self._classes or ()) and 1 + max(self._classes or ())
        if layout is OutputLayout.ANCHOR_FREE and 4 + classes > output.shape[1]:
            raise ModelError(f"{self._path}: names more classes than it puts out")
        return layout

    def _run(self, session: Any, batch: NDArray[np.floating]) -> NDArray[np.floating]:
        return np.asarray(session.run(None, {self._input_name: batch})[0])


def _four_sides(shape: Sequence[Any], path: Path) -> list[int | None]:
    if len(shape) != 4:
        raise ModelError(f"{path}: input has {len(shape)} dimensions, not 4")
    return [side if isinstance(side, int) and side > 0 else None for side in shape]


def _class_names(session: Any) -> Mapping[int, str]:
    """Class names that exporters leave in the metadata, as a Python dict in a string."""
    text = session.get_modelmeta().custom_metadata_map.get("names", "{}")
    try:
        names = ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return {}
    return names if isinstance(names, dict) else {}


def _checked_size(length_px: int) -> int:
    if length_px < STRIDE_PX:
        raise ModelError(f"input size {length_px} is smaller than {STRIDE_PX} pixels")
    return length_px
