"""One decoded picture of one camera, with the time it was taken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lpr_engine.model.geometry import Box
from lpr_engine.model.pixels import Pixels


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """A picture on its way through the pipeline.

    `taken_at` is aware UTC and may jump with the host's clock; `monotonic_s` never does, and is
    what tracking measures with. For a file, both advance with the clip's own time.
    """

    camera: str
    pixels: Pixels
    taken_at: datetime
    monotonic_s: float
    number: int

    @property
    def width(self) -> int:
        """Columns, in pixels."""
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        """Rows, in pixels."""
        return int(self.pixels.shape[0])

    def share_of(self, box: Box) -> Box:
        """A box in pixels as 0..1 of the frame, without what lies outside of it."""
        return box.clipped(self.width, self.height).scaled(1 / self.width, 1 / self.height)
