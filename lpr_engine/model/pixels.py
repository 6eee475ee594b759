"""The one layout in which pictures travel through the engine."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Pixels: TypeAlias = NDArray[np.uint8]
"""uint8 BGR, shape (H, W, 3), H and W at least 1; never written to once shared."""
