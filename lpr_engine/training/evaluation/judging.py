"""Vision put to the test on labelled pictures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np

from lpr_engine.grammar.prior import Grammar
from lpr_engine.model.errors import PictureError
from lpr_engine.model.look import StageTimes
from lpr_engine.model.observation import Observation
from lpr_engine.model.pixels import Pixels
from lpr_engine.sources.picture import read_picture
from lpr_engine.tracking.glance import glance
from lpr_engine.training.evaluation.labels import (
    EvaluationDataError,
    LabelledSet,
    PlateLabel,
    outside,
    read_sets,
)
from lpr_engine.training.evaluation.report import EvaluationReport, Outcome, SetReport
from lpr_engine.training.evaluation.spelling import bare, folded
from lpr_engine.vision.sight import PlateVision

_ANYWHERE = Grammar()
"""The formats of the whole world, as without a given country."""

Progress = Callable[[int, int], None]
"""Called with the pictures that are done and those that there are."""


def evaluate(data: Path, vision: PlateVision, progress: Progress | None = None) -> EvaluationReport:
    """Look at every labelled picture under a folder, one at a time, and judge what is seen.

    Raises:
        EvaluationDataError: there is no usable row; the message names what is wrong.
        ModelError: a model could not be run.
    """
    sets = read_sets(data)
    total = sum(len(part.labels) for part in sets)
    problems = [problem for part in sets for problem in part.problems]
    if not total:
        raise EvaluationDataError("no usable row: " + "; ".join(problems or [str(data)]))
    _warm_up(vision)
    judge = _Judge(vision, progress, total, problems)
    reports = tuple(judge.judge_set(part) for part in sets)
    return EvaluationReport(reports, tuple(problems))


def judge_plate(picture: str, label: PlateLabel, observations: Sequence[Observation]) -> Outcome:
    """Compare one labelled plate with all that the engine would tell of its picture."""
    told = [glance(one, _ANYWHERE) for one in observations if one.reading is not None]
    texts = [seen.outcome.text for seen in told if seen is not None]
    overlaps = [one.detection.box.iou(label.box) for one in observations]
    return Outcome(
        picture=picture,
        plate=bare(label.plate),
        texts=tuple(bare(text) for text in texts),
        iou=max(overlaps, default=0.0),
        exact=bare(label.plate) in map(bare, texts),
        exact_folded=folded(label.plate) in map(folded, texts),
    )


class _Judge:
    """One evaluation under way: counts pictures and collects what cannot be used."""

    def __init__(
        self, vision: PlateVision, progress: Progress | None, total: int, problems: list[str]
    ) -> None:
        self._vision = vision
        self._progress = progress
        self._total = total
        self._done = 0
        self._problems = problems

    def judge_set(self, part: LabelledSet) -> SetReport:
        outcomes: list[Outcome] = []
        times: list[StageTimes] = []
        for path, labels in part.labels.items():
            try:
                picture = read_picture(path)
            except PictureError as err:
                self._problems.append(f"{labels[0].place}: {err}")
            else:
                if usable := self._inside(labels, picture):
                    look = self._vision.look_timed([picture])
                    times.append(look.times)
                    outcomes += _outcomes(path, usable, look.observations[0])
            self._count()
        return SetReport(part.name, tuple(outcomes), tuple(times))

    def _inside(self, labels: Iterable[PlateLabel], picture: Pixels) -> list[PlateLabel]:
        """The labels whose boxes lie in their picture; what is wrong with others is noted."""
        faults = [(label, outside(label.box, picture)) for label in labels]
        self._problems += [f"{label.place}: {fault}" for label, fault in faults if fault]
        return [label for label, fault in faults if not fault]

    def _count(self) -> None:
        self._done += 1
        if self._progress is not None:
            self._progress(self._done, self._total)


def _outcomes(
    path: Path, labels: Iterable[PlateLabel], observations: Sequence[Observation]
) -> list[Outcome]:
    return [judge_plate(path.name, label, observations) for label in labels]


def _warm_up(vision: PlateVision) -> None:
    """The first run of a network sets itself up; it should not count as a picture's time."""
    vision.look_timed([np.full((480, 640, 3), 114, np.uint8)])
