"""What is compared: the engine's look at one picture, and fast-alpr's, both on the same plates."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol, TypeAlias

import numpy as np
import onnxruntime
from fast_alpr import ALPR
from fast_alpr.base import BaseDetector, BaseOCR, DetectionResult, OcrResult
from fast_alpr.default_ocr import DefaultOCR
from open_image_models import BoundingBox, create_detector

from lpr_engine.config.sections import ModelsSection
from lpr_engine.model.observation import Detection
from lpr_engine.model.pixels import Pixels
from lpr_engine.model.ports import PlateDetector
from lpr_engine.vision.opening import open_vision

CONFIDENCE = 0.4
CPU = ["CPUExecutionProvider"]

Found: TypeAlias = dict[int, list[Detection]]
"""What the engine by default finds, by the `id` of the picture."""


@dataclass(frozen=True)
class Took:
    """Milliseconds of one look, and how many plates were read.

    `cpu_ms` is processor time of all threads, until they are quiet again.
    """

    total_ms: float
    detect_ms: float
    read_ms: float
    plates: int
    cpu_ms: float = 0.0


class Contender(Protocol):
    """Something that finds and reads the plates of a picture."""

    name: str

    def look(self, picture: Pixels) -> Took:
        """Do it once."""
        ...


class EngineContender:
    """The engine's vision as `lpr-engine read` calls it; reading includes the second look."""

    def __init__(self, name: str, threads: int) -> None:
        self.name = name
        self._vision = open_vision(ModelsSection(provider="cpu", threads=threads))

    def look(self, picture: Pixels) -> Took:
        """Do it once."""
        began_s = time.perf_counter()
        look = self._vision.look_timed([picture])
        total_ms = 1000 * (time.perf_counter() - began_s)
        times = look.times
        plates = len(look.observations[0])
        return Took(total_ms, times.detect_ms, times.crop_ms + times.read_ms, plates)

    def detections(self, picture: Pixels) -> list[Detection]:
        """Where it sees plates."""
        return [one.detection for one in self._vision.look([picture])[0]]


class ResizedEngineContender(EngineContender):
    """The engine with another input size, handed the detections of the default one."""

    def __init__(self, name: str, threads: int, input_size: int, found: Found) -> None:
        self.name = name
        vision = open_vision(ModelsSection(provider="cpu", threads=threads, input_size=input_size))
        self._vision = replace(vision, detector=_Handed(vision.detector, found))


class FastAlprContender:
    """fast-alpr's whole `predict`, with its own detector and reader classes.

    Its network has random weights, so after its real work its boxes are exchanged for those that
    the engine found in that picture: both read the same plates.
    """

    def __init__(
        self,
        name: str,
        threads: int,
        detector: Path,
        reader: tuple[Path, Path],
        found: Found,
        *,
        sleeps: bool = False,
    ) -> None:
        """`sleeps`: its threads sleep between runs as the engine's do, not its own default."""
        self.name = name
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        if sleeps:
            options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._detector = _Detector(detector, options, found)
        self._reader = _Reader(
            DefaultOCR(
                providers=CPU, sess_options=options, model_path=reader[0], config_path=reader[1]
            )
        )
        self._alpr = ALPR(detector=self._detector, ocr=self._reader)

    def look(self, picture: Pixels) -> Took:
        """Do it once."""
        self._reader.took_ms = 0.0
        began_s = time.perf_counter()
        results = self._alpr.predict(picture)
        total_ms = 1000 * (time.perf_counter() - began_s)
        return Took(total_ms, self._detector.took_ms, self._reader.took_ms, len(results))


class _Handed:
    """A detector that does its work, and then tells what another one found."""

    def __init__(self, network: PlateDetector, found: Found) -> None:
        self._network = network
        self._found = found

    def detect(self, pictures: Sequence[Pixels]) -> list[list[Detection]]:
        self._network.detect(pictures)
        return [self._found[id(picture)] for picture in pictures]


class _Detector(BaseDetector):
    """open-image-models' detector, as fast-alpr's default one calls it."""

    def __init__(self, path: Path, options: Any, found: Found) -> None:
        self._network = create_detector(
            path,
            backend="yolo_v9",
            class_labels=("License Plate",),
            conf_thresh=CONFIDENCE,
            providers=CPU,
            sess_options=options,
        )
        self._found = {picture: _results(detections) for picture, detections in found.items()}
        self.took_ms = 0.0

    def predict(self, frame: np.ndarray) -> list[DetectionResult]:
        began_s = time.perf_counter()
        self._network.predict(frame)
        self.took_ms = 1000 * (time.perf_counter() - began_s)
        return self._found[id(frame)]


class _Reader(BaseOCR):
    def __init__(self, reader: DefaultOCR) -> None:
        self._reader = reader
        self.took_ms = 0.0

    def predict(self, cropped_plate: np.ndarray) -> OcrResult | None:
        began_s = time.perf_counter()
        result = self._reader.predict(cropped_plate)
        self.took_ms += 1000 * (time.perf_counter() - began_s)
        return result


def _results(detections: Sequence[Detection]) -> list[DetectionResult]:
    corners = ([int(edge) for edge in one.box.as_tuple()] for one in detections)
    return [DetectionResult("License Plate", 1.0, BoundingBox(*four)) for four in corners]
