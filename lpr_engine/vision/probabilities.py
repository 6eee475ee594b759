"""Network outputs as probabilities."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

SUM_TOLERANCE = 0.02


def as_probabilities(output: NDArray[np.floating]) -> NDArray[np.float32]:
    """Rows along the last axis that sum to 1, float32.

    Some exported networks end in a softmax and some in the logits before it: rows that are no
    distribution (within half precision) get the softmax here. A row that is not finite says
    nothing, so it becomes uniform.
    """
    rows = np.asarray(output, np.float64)
    finite = np.isfinite(rows).all(axis=-1, keepdims=True)
    rows = np.where(finite, rows, 1 / rows.shape[-1])
    sums = rows.sum(axis=-1, keepdims=True)
    is_distribution = bool((rows >= 0).all() and (np.abs(sums - 1) <= SUM_TOLERANCE).all())
    if not is_distribution:
        rows = np.exp(rows - rows.max(axis=-1, keepdims=True))
        sums = rows.sum(axis=-1, keepdims=True)
    return np.asarray(rows / sums, np.float32)
