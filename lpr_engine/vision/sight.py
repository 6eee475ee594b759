"""Detector, cropper and reader in a row: pictures to observations, with the time each took."""

from __future__ import annotations

import itertools
import time
from collections.abc import Sequence
from dataclasses import dataclass

from lpr_engine.model.look import Look, StageTimes
from lpr_engine.model.observation import Crop, Detection, Observation
from lpr_engine.model.pixels import Pixels
from lpr_engine.model.ports import PlateCropper, PlateDetector, PlateReader
from lpr_engine.vision.pixel_layout import as_pixels

MAX_PLATES_PER_PICTURE = 16
"""More boxes than this in one picture are noise; the best ones are read."""


@dataclass(frozen=True, slots=True)
class PlateVision:
    """All of vision in one call, for the pipeline and for tools beside it."""

    detector: PlateDetector
    cropper: PlateCropper
    reader: PlateReader

    def look(self, pictures: Sequence[Pixels]) -> list[list[Observation]]:
        """Every plate of each picture, read, best detection first."""
        return self.look_timed(pictures).observations

    def look_timed(
        self, pictures: Sequence[Pixels], least_confidences: Sequence[float] | None = None
    ) -> Look:
        """The same, with the time that each stage took; grey, deep and clear pictures pass, too.

        `least_confidences`, one for each picture, leaves out what was detected with less.
        """
        least = [0.0] * len(pictures) if least_confidences is None else least_confidences
        pictures = [as_pixels(picture) for picture in pictures]
        started = time.perf_counter()
        found = _worth_reading(self.detector.detect(pictures), least)
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


def _worth_reading(
    found: Sequence[Sequence[Detection]], least_confidences: Sequence[float]
) -> list[list[Detection]]:
    return [
        [one for one in detections if one.confidence >= least][:MAX_PLATES_PER_PICTURE]
        for detections, least in zip(found, least_confidences, strict=True)
    ]
