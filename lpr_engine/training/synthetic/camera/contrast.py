"""How far letters stand out from their plate, wherever it stands in a crop."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from lpr_engine.training.synthetic.camera.pose import Pose

Probes: TypeAlias = tuple[NDArray[np.intp], NDArray[np.intp]]
# Where letters are: five fifths of the plate, each 5 places wide and 5 high.
_PROBES: NDArray[np.float32] = np.array(
    [[0.07 + 0.88 * x / 24, 0.22 + 0.145 * y] for x in range(25) for y in range(5)], np.float32
)


@dataclass(frozen=True, slots=True)
class Contrast:
    """Tones of a plate, all about 0..255; each is taken within fifths of the plate.

    So the edge of a shadow is not taken for letters. `letters` is their contrast, `brightest`
    and `dimmest` are the bright tones of the fifths with the most and the least light.
    """

    letters: float
    brightest: float
    dimmest: float


def probes(pose: Pose, size: tuple[int, int]) -> Probes:
    """The pixels (row, column) of a crop of `size` that are looked at."""
    at = np.rint(pose.at(_PROBES)).astype(np.intp)
    return at[:, 1].clip(0, size[0] - 1), at[:, 0].clip(0, size[1] - 1)


def contrast_of(tones: NDArray[np.float32] | NDArray[np.uint8], at: Probes) -> Contrast:
    """How far letters stand out at these pixels of a crop."""
    fifths = tones[at].sum(1, dtype=np.float32).reshape(5, -1)
    fifths.sort(axis=1)
    skipped = fifths.shape[1] // 12
    dark, bright = fifths[:, skipped].tolist(), fifths[:, -1 - skipped].tolist()
    spans = sorted(high - low for low, high in zip(dark, bright, strict=True))
    # The median, unless there are so few letters that most fifths have none.
    return Contrast(max(spans[2], spans[-1] / 2) / 3, max(bright) / 3, min(bright) / 3)
