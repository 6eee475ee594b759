"""What a recording is made of: pictures, each at its time since the recording's start."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from lpr_engine.model.pixels import Pixels


@dataclass(frozen=True, slots=True, eq=False)
class Shot:
    """One picture of a recording, `clip_s` seconds after its first."""

    clip_s: float
    pixels: Pixels


class Reel(Protocol):
    """A recording that can be played from the start, again and again.

    After `shots` has ended, `length_s` is when a repetition begins, and `problem` what was wrong
    with the recording although some of it could be shown.
    """

    length_s: float
    problem: str | None

    def shots(self) -> Iterator[Shot]:
        """Play once, `clip_s` rising.

        Raises:
            SourceError: there is nothing to show.
        """
        ...
