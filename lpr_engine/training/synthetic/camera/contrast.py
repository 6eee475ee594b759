"""How far letters stand out from their plate, wherever it stands in a crop."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lpr_engine.training.synthetic.camera.pose import Pose

# Where letters are: five fifths of the plate, each 5 places wide and 5 high.
_PROBES: NDArray[np.float32] = np.array(
    [[0.07 + 0.88 * x / 24, 0.22 + 0.145 * y] for x in range(25) for y in range(5)], np.float32
)


def contrast_of(tones: NDArray[np.float32] | NDArray[np.uint8], pose: Pose) -> tuple[float, float]:
    """The contrast of the letters and the brightest tone of the plate, both about 0..255.

    Contrast is taken within fifths of the plate, so that a shadow's edge is not taken for it.
    """
    last = np.array([tones.shape[1] - 1, tones.shape[0] - 1], np.float32)
    at = np.clip(pose.at(_PROBES), 0, last).astype(np.intp)
    fifths = tones[at[:, 1], at[:, 0]].sum(1, dtype=np.float32).reshape(5, -1) / 3
    fifths.sort(axis=1)
    skipped = fifths.shape[1] // 12
    bright = fifths[:, -1 - skipped]
    spans = sorted((bright - fifths[:, skipped]).tolist())
    # The median, unless there are so few letters that most fifths have none.
    return max(spans[2], spans[-1] / 2), float(bright.max())
