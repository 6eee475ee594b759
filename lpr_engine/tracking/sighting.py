"""One observation in its frame, as far as the camera's zones and masks let it in."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from lpr_engine.config.sections import CameraSection
from lpr_engine.model.frame import Frame
from lpr_engine.model.geometry import Box
from lpr_engine.model.observation import Observation
from lpr_engine.tracking.motion import Place
from lpr_engine.tracking.spelling import Spelling, spell, unit_interval

MAX_SIGHTINGS = 50
"""More plates than this are in no picture: the surest detections are kept."""

_LEAST_EXTENT_PX = 1.0
_TWIN_SHARE = 0.7


@dataclass(frozen=True, slots=True, eq=False)
class Sighting:
    """An observation that counts; `box` and `center` are in 0..1 of the frame."""

    observation: Observation
    place: Place
    box: Box
    zone: str | None
    spelling: Spelling | None

    @property
    def center(self) -> tuple[float, float]:
        """The middle of the plate, in 0..1 of the frame."""
        return self.box.center

    @property
    def clarity(self) -> float:
        """How sure it is by itself that this is a plate and spells its text, 0..1."""
        reading = self.observation.reading
        read = reading.confidence if reading else 0.0
        return unit_interval(self.observation.detection.confidence) * unit_interval(read)


def sight(
    camera: CameraSection, frame: Frame, observations: Sequence[Observation]
) -> list[Sighting]:
    """The observations that count: sound boxes, large enough, in a zone and under no mask.

    Of two boxes that share most of the smaller one, the surer stays: they show one plate.
    """
    surest = sorted(observations, key=lambda other: -unit_interval(other.detection.confidence))
    kept: list[Sighting] = []
    for observation in surest:
        found = _sighting(camera, frame, observation)
        if found is not None and not any(_is_twin(found.box, other.box) for other in kept):
            kept.append(found)
        if len(kept) == MAX_SIGHTINGS:
            break
    return kept


def _is_twin(box: Box, other: Box) -> bool:
    smaller = min(box.area, other.area)
    return box.intersection(other) > _TWIN_SHARE * smaller


def _sighting(camera: CameraSection, frame: Frame, observation: Observation) -> Sighting | None:
    box = observation.detection.box
    if not all(map(math.isfinite, box.as_tuple())):
        return None
    box = box.clipped(frame.width, frame.height)
    if box.width < _LEAST_EXTENT_PX or box.height < max(
        camera.min_plate_height_px, _LEAST_EXTENT_PX
    ):
        return None
    share = frame.share_of(box)
    x, y = share.center
    zone = next((zone.name for zone in camera.zones if zone.area.contains(x, y)), None)
    if (camera.zones and zone is None) or any(mask.contains(x, y) for mask in camera.masks):
        return None
    return Sighting(observation, Place.of(box, frame), share, zone, spell(observation))
