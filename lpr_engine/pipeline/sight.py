"""Frames of many cameras to observations, in one batch, each stage timed."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from lpr_engine.model.frame import Frame
from lpr_engine.model.observation import Crop, Detection, Observation
from lpr_engine.model.ports import PlateCropper, PlateDetector, PlateReader, StageMeter

_MAX_PLATES_PER_FRAME = 16
"""More boxes than this in one picture are noise; the best ones are read."""


@dataclass(frozen=True, slots=True)
class Sight:
    """Detector, cropper and reader as one step."""

    detector: PlateDetector
    cropper: PlateCropper
    reader: PlateReader
    meter: StageMeter

    def look(
        self, frames: Sequence[Frame], min_confidences: Sequence[float]
    ) -> list[list[Observation]]:
        """Observations of each frame; detections below its own confidence are left out."""
        with self._timed("detect"):
            found = self.detector.detect([frame.pixels for frame in frames])
        kept = [
            [box for box in boxes if box.confidence >= least][:_MAX_PLATES_PER_FRAME]
            for boxes, least in zip(found, min_confidences, strict=True)
        ]
        return self._read(frames, kept)

    def _read(
        self, frames: Sequence[Frame], found: Sequence[Sequence[Detection]]
    ) -> list[list[Observation]]:
        with self._timed("crop"):
            crops: list[list[Crop]] = [
                [self.cropper.crop(frame.pixels, box) for box in boxes]
                for frame, boxes in zip(frames, found, strict=True)
            ]
        flat = [crop for row in crops for crop in row]
        if not flat:
            return [[] for _ in frames]
        with self._timed("read"):
            readings = iter(self.reader.read(flat))
        return [
            [Observation(box, crop, next(readings)) for box, crop in zip(boxes, row, strict=True)]
            for boxes, row in zip(found, crops, strict=True)
        ]

    @contextmanager
    def _timed(self, stage: str) -> Iterator[None]:
        began_s = time.perf_counter()
        yield
        self.meter.observe(stage, (time.perf_counter() - began_s) * 1000)
