"""The reader at work on plates whose text is known, one crop at a time."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import cv2
import numpy as np

from lpr_engine.grammar.prior import Grammar
from lpr_engine.model.observation import Crop, Detection, Observation
from lpr_engine.model.pixels import Pixels
from lpr_engine.model.ports import PlateReader
from lpr_engine.tracking.glance import glance
from lpr_engine.training.evaluation.labels import EvaluationDataError
from lpr_engine.training.evaluation.reader.figures import Answer, PlateRow, ReaderReport, Way
from lpr_engine.training.evaluation.reader.plates import TruePlate, crop_of, refuse
from lpr_engine.vision.second_look import SecondLookReader

Progress = Callable[[int, int], None]
"""Called with the plates that are done and those that there are."""

MAX_KEPT_CROPS = 400
_KEPT_HEIGHT_PX = 96


def evaluate_reader(
    plates: Sequence[TruePlate],
    reader: PlateReader,
    grammar: Grammar,
    regions: tuple[str, ...] = (),
    progress: Progress | None = None,
) -> ReaderReport:
    """Read every plate, cut with its true box, with one look and with the second look.

    The reader should run on one thread of the CPU: what a crop costs is the processor time of
    this thread.

    Raises:
        EvaluationDataError: pictures cannot be used; the message names all by file and line.
        ModelError: the reader could not be run.
    """
    judge = _Judge(reader, grammar)
    rows: list[PlateRow] = []
    faults: list[str] = []
    for done, plate in enumerate(plates, start=1):
        try:
            crop, detection = crop_of(plate)
        except EvaluationDataError as err:
            faults.append(str(err))
        else:
            # One fault is enough to print nothing: the others are still named, nothing is read.
            rows += [judge.row(plate, crop, detection)] if not faults else []
        if progress is not None:
            progress(done, len(plates))
    refuse(faults)
    return ReaderReport(tuple(rows), regions)


class _Judge:
    """The reader in both ways, warmed up."""

    def __init__(self, reader: PlateReader, grammar: Grammar) -> None:
        self._readers = {Way.ONE_LOOK: reader, Way.SECOND_LOOK: SecondLookReader(reader)}
        self._grammar = grammar
        self._kept = 0
        # The first run of a network sets itself up; that is no crop's time.
        reader.read([Crop(np.full((48, 160, 3), 114, np.uint8), 1.0)])

    def row(self, plate: TruePlate, crop: Crop, detection: Detection) -> PlateRow:
        answers = {way: self._answer(way, crop, detection) for way in Way}
        row = PlateRow(plate, answers)
        if row.cause() is None or self._kept >= MAX_KEPT_CROPS:
            return row
        self._kept += 1
        return PlateRow(plate, answers, _small(crop.pixels))

    def _answer(self, way: Way, crop: Crop, detection: Detection) -> Answer:
        # Processor time, which whatever else the machine does leaves alone.
        began_s = time.thread_time()
        (reading,) = self._readers[way].read([crop])
        cost_ms = (time.thread_time() - began_s) * 1000
        seen = glance(Observation(detection, crop, reading), self._grammar)
        return Answer(
            text=seen.outcome.text if seen is not None else "",
            confidence=seen.outcome.confidence if seen is not None else 0.0,
            bare_text=reading.text,
            region=reading.region or "",
            cost_ms=cost_ms,
        )


def _small(pixels: Pixels) -> Pixels:
    """A crop to be looked at, without more pixels than that needs."""
    height, width = pixels.shape[:2]
    if height <= _KEPT_HEIGHT_PX:
        return pixels
    size = (max(1, round(width * _KEPT_HEIGHT_PX / height)), _KEPT_HEIGHT_PX)
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
