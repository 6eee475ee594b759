"""Detector, cropper and reader in a row: pictures to observations, with the time each took."""

from __future__ import annotations

import itertools
import time
from collections.abc import Sequence
from dataclasses import dataclass

from lpr_engine.model.observation import Crop, Detection, Observation
from lpr_engine.model.pixels import Pixels
from lpr_engine.model.ports import PlateCropper, PlateDetector, PlateReader


@dataclass(frozen=True, slots=True)
class StageTimes:
    """Milliseconds that each stage took for a whole batch."""

    detect_ms: float
    crop_ms: float
    read_ms: float

    @property
    def total_ms(self) -> float:
        """All stages together."""
        return self.detect_ms + self.crop_ms + self.read_ms


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """What one look at a batch of pictures saw; one list for each picture, best first."""

    observations: list[list[Observation]]
    times: StageTimes


@dataclass(frozen=True, slots=True)
class PlateVision:
    """All of vision in one call, for tools that look at pictures outside the pipeline."""

    detector: PlateDetector
    cropper: PlateCropper
    reader: PlateReader

    def look(self, pictures: Sequence[Pixels]) -> list[list[Observation]]:
        """Every plate of each picture, read, best detection first."""
        return self.look_timed(pictures).observations

    def look_timed(self, pictures: Sequence[Pixels]) -> Look:
        """The same, with the time that each stage took."""
        started = time.perf_counter()
        found = self.detector.detect(pictures)
        detected = time.perf_counter()
        pairs = [
            (number, detection, self.cropper.crop(pictures[number], detection))
            for number, detections in enumerate(found)
            for detection in detections
        ]
        cropped = time.perf_counter()
        observations = self._read(len(pictures), pairs)
        read = time.perf_counter()
        marks = (started, detected, cropped, read)
        times = (1000 * (end - start) for start, end in itertools.pairwise(marks))
        return Look(observations, StageTimes(*times))

    def _read(
        self, pictures: int, pairs: Sequence[tuple[int, Detection, Crop]]
    ) -> list[list[Observation]]:
        readings = self.reader.read([crop for _, _, crop in pairs]) if pairs else []
        observations: list[list[Observation]] = [[] for _ in range(pictures)]
        for (number, detection, crop), reading in zip(pairs, readings, strict=True):
            observations[number].append(Observation(detection, crop, reading))
        return observations
