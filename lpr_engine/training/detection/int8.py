"""The detector's eight-bit copy, kept only where it finds as many plates as the detector itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lpr_engine.model.ports import PlateDetector
from lpr_engine.training.detection.batches import as_input
from lpr_engine.training.detection.dataset import Dataset
from lpr_engine.training.detection.labels import LabelledPicture
from lpr_engine.training.detection.scenes import SceneComposer
from lpr_engine.training.detection.settings import Recipe as Scenes
from lpr_engine.training.detection.validation import USED_SCORE, Found, score_plates
from lpr_engine.training.quantization import QuantizationError, Recipe, quantize
from lpr_engine.vision.closer_look import CloserLookDetector
from lpr_engine.vision.detector import OnnxDetector
from lpr_engine.vision.letterbox import Letterbox
from lpr_engine.vision.runtime import Runtime

_HEAD = "/model.24"
_LAST_LAYERS = tuple(
    f"{_HEAD}/{branch}.{scale}/{branch}.{scale}.{last}/"
    for branch, last in (("cv2", 3), ("cv3", 4))
    for scale in range(3)
)
RECIPE = Recipe(
    operators=("Conv", "Relu", "Add", "Concat", "MaxPool", "Resize"),
    float_nodes=(*_LAST_LAYERS, *(f"{_HEAD}/{part}" for part in ("Add", "Concat", "dfl/"))),
)
"""All but the first layer, the last ones and what makes boxes of their values. What stands between
two layers counts, too: sums and joints in single precision cost more than they keep."""
MOST_LOST = 0.003
"""Share of the validation plates that the copy may miss beyond those the detector misses."""
SAMPLES, COMPOSED = 64, 240
_SAMPLE_WH = (640, 384)
_STREAM = 8


@dataclass(frozen=True, slots=True)
class Int8Score:
    """Shares of the plates of `pictures` found (IoU 0.5) and tight (0.7), before and after."""

    pictures: int
    plates: int
    found: tuple[float, float]
    tight: tuple[float, float]

    @property
    def lost(self) -> float:
        """Share of the plates that only the detector itself finds; below zero if it finds less."""
        return self.found[0] - self.found[1]

    def __str__(self) -> str:
        found, tight = (
            f"{before:.1%} -> {after:.1%}" for before, after in (self.found, self.tight)
        )
        return f"{found} of {self.plates} plates found, {tight} tightly"


@dataclass(frozen=True, slots=True)
class Int8Report:
    """Both files on the validation pictures, which decide, and on composed ones, full of specks."""

    real: Int8Score
    composed: Int8Score

    def __str__(self) -> str:
        return f"{self.real}; of composed scenes {self.composed}"


def write_int8(network: Path, out: Path, dataset: Dataset, scenes: Scenes, seed: int) -> Int8Report:
    """Write the eight-bit copy of an exported detector.

    Ranges are measured on training pictures and composed ones; both files are then judged as the
    engine uses them, with the closer look.

    Raises:
        QuantizationError: of the validation plates the copy finds 0.3 points less or worse; it is
            not kept.
    """
    composer = SceneComposer(dataset, scenes)
    fresh = out.with_suffix(".new.onnx")
    quantize(network, fresh, _samples(dataset, composer, seed), RECIPE)
    report = Int8Report(
        compare(network, fresh, dataset.validation),
        compare(network, fresh, _composed(composer, COMPOSED, (seed, _STREAM, 1))),
    )
    if report.real.lost > MOST_LOST:
        fresh.unlink()
        raise QuantizationError(f"{network}: in eight bits too much is lost ({report}): not kept")
    fresh.replace(out)
    return report


def compare(before: Path, after: Path, pictures: Sequence[LabelledPicture]) -> Int8Score:
    """Judge two exported detectors on the same pictures.

    Raises:
        ModelError: a file is no detector, or could not be run.
    """
    scores = [
        score_plates((_found(detector, one), one.boxes_xyxy) for one in pictures)
        for detector in (
            CloserLookDetector(OnnxDetector(path, Runtime("cpu"), confidence=USED_SCORE))
            for path in (before, after)
        )
    ]
    return Int8Score(
        len(pictures),
        sum(len(one.boxes_xyxy) for one in pictures),
        (scores[0].recall, scores[1].recall),
        (scores[0].recall_tight, scores[1].recall_tight),
    )


def _found(detector: PlateDetector, picture: LabelledPicture) -> Found:
    rows = [(*one.box.as_tuple(), one.confidence) for one in detector.detect([picture.pixels])[0]]
    return np.array(rows, np.float32).reshape(-1, 5)


def _samples(dataset: Dataset, composer: SceneComposer, seed: int) -> NDArray[np.float32]:
    """Pictures as the network takes them, float32 RGB 0..1, shape (n, 3, 384, 640)."""
    rng = np.random.default_rng((seed, _STREAM, 0))
    chosen = rng.permutation(len(dataset.train))[: SAMPLES // 2]
    real = [dataset.train[int(at)].pixels for at in chosen]
    composed = [one.pixels for one in _composed(composer, SAMPLES // 2, (seed, _STREAM, 2))]
    return as_input(
        [
            Letterbox.into((one.shape[1], one.shape[0]), _SAMPLE_WH).apply(one)
            for one in (*real, *composed)
        ]
    )


def _composed(composer: SceneComposer, count: int, seed: tuple[int, ...]) -> list[LabelledPicture]:
    rng = np.random.default_rng(seed)
    made = [composer.compose(rng, _SAMPLE_WH[0], mosaic=False) for _ in range(count)]
    return [LabelledPicture(f"composed {at}", *one) for at, one in enumerate(made)]
