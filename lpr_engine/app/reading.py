"""Pictures and clips to plates without a store or broker: what `lpr-engine read` does."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import uuid6

from lpr_engine.config.sections import CameraSection, ModelsSection, TrackingSection
from lpr_engine.grammar.prior import Grammar
from lpr_engine.model.clock import SystemClock
from lpr_engine.model.frame import Frame
from lpr_engine.model.geometry import Box
from lpr_engine.model.observation import Observation
from lpr_engine.model.passage import Alternative, Passage, PassageUpdate, Stage
from lpr_engine.model.pixels import Pixels
from lpr_engine.sources.opening import open_source
from lpr_engine.sources.picture import read_picture
from lpr_engine.tracking.glance import glance
from lpr_engine.tracking.tracker import PlateTracker
from lpr_engine.vision.opening import open_vision

_CLIP_FPS = 15.0


@dataclass(frozen=True, slots=True)
class PlateRead:
    """One plate of one picture; `box` in pixels."""

    text: str
    confidence: float
    characters: tuple[tuple[str, float], ...]
    alternatives: tuple[Alternative, ...]
    box: Box
    region: str | None


@dataclass(frozen=True, slots=True, eq=False)
class PictureRead:
    """One picture and the plates in it, best detection first."""

    path: Path
    pixels: Pixels
    elapsed_ms: float
    plates: tuple[PlateRead, ...]


@dataclass(frozen=True, slots=True, eq=False)
class ClipPassage:
    """One passage of a clip; times in seconds from the clip's first frame."""

    path: Path
    passage: Passage
    evidence: Frame
    first_seen_s: float
    last_seen_s: float


class PlateReading:
    """Reads files with the configured models and a country's plate formats as prior."""

    def __init__(self, models: ModelsSection, countries: tuple[str, ...] = ()) -> None:
        """Load the models.

        Raises:
            ModelError: a model is missing or broken.
        """
        self._vision = open_vision(models)
        self._confidence = models.confidence
        self._grammar = Grammar(countries)

    def picture(self, path: Path) -> PictureRead:
        """Every plate of one picture file.

        Raises:
            PictureError: the file is no readable picture.
        """
        pixels = read_picture(path)
        began_s = time.perf_counter()
        observations = self._vision.look([pixels])[0]
        plates = [plate for one in observations if (plate := self._plate(one)) is not None]
        elapsed_ms = (time.perf_counter() - began_s) * 1000
        return PictureRead(path, pixels, elapsed_ms, tuple(plates))

    def clip(self, path: Path, progress: Callable[[Frame], None]) -> Iterator[ClipPassage]:
        """Every passage of one clip, as each ends.

        Raises:
            SourceError: the file is no readable clip.
        """
        camera = CameraSection(id="clip", source=str(path), fps=_CLIP_FPS, realtime=False)
        tracker = PlateTracker(
            "read",
            camera,
            TrackingSection(),
            lambda: str(uuid6.uuid7()),
            self._grammar,
        )
        first: Frame | None = None
        for frame in open_source(camera, SystemClock()).frames():
            first = first or frame
            updates = tracker.update(frame, self._vision.look([frame.pixels])[0])
            progress(frame)
            yield from _finals(path, first, updates)
        if first is not None:
            yield from _finals(path, first, tracker.finish())

    def _plate(self, observation: Observation) -> PlateRead | None:
        seen = glance(observation, self._grammar)
        if seen is None:
            return None
        outcome = seen.outcome
        return PlateRead(
            outcome.text,
            outcome.confidence,
            outcome.characters,
            outcome.alternatives,
            observation.detection.box,
            self._grammar.region_of(outcome.text, seen.regions),
        )


def _finals(path: Path, first: Frame, updates: list[PassageUpdate]) -> Iterator[ClipPassage]:
    for update in updates:
        passage = update.passage
        if passage.stage is Stage.FINAL:
            yield ClipPassage(
                path,
                passage,
                update.evidence.frame,
                (passage.first_seen - first.taken_at).total_seconds(),
                (passage.last_seen - first.taken_at).total_seconds(),
            )
