"""One car on its way: where its parts are at any time, and where its plate is in the picture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lpr_engine.training.evaluation.drives.scene.body import LENGTH_M, Body, Face
from lpr_engine.training.evaluation.drives.scene.layering import Quad
from lpr_engine.training.evaluation.drives.scene.levels import Levels
from lpr_engine.training.evaluation.drives.scene.view import NEAREST_M, Points, View
from lpr_engine.training.evaluation.drives.scene.way import Way

_HALF_WIDTH_M = 0.9
_HEIGHT_M = 1.5
_LAMP_M = (0.68, 0.74)
_BEFORE_BODY_M = 0.02


@dataclass(frozen=True, slots=True)
class Mount:
    """Where a plate hangs at a car's end: its size, and its middle's height, in metres."""

    width_m: float
    height_m: float
    up_m: float


@dataclass(frozen=True, slots=True, eq=False)
class Car:
    """A body with its plate on a way along one lane.

    Whether it comes or goes, the end that faces the camera carries the plate.
    """

    body: Body
    plate: Levels
    mount: Mount
    lane_m: float
    way: Way
    from_behind: bool
    is_lit: bool
    """Whether its lamps are on at night."""

    def foot(self, time_s: float) -> Points:
        """The middle of the seen end on the road, (3,)."""
        return np.array([self.lane_m, 0.0, self.way.along_m(time_s)])

    def plate_corners(self, time_s: float) -> Points:
        """The plate's corners, clockwise from its top left."""
        half, up = self.mount.width_m / 2, self.mount.up_m
        low, high = up - self.mount.height_m / 2, up + self.mount.height_m / 2
        corners = np.array([[-half, high, 0], [half, high, 0], [half, low, 0], [-half, low, 0]])
        placed: Points = corners - np.array([0, 0, _BEFORE_BODY_M]) + self.foot(time_s)
        return placed

    def lamps(self, time_s: float) -> Points:
        """The two lamps of the seen end, (2, 3)."""
        across, up = _LAMP_M
        up *= self.body.stature
        return np.array([[-across, up, 0.0], [across, up, 0.0]]) + self.foot(time_s)

    def hull(self, time_s: float) -> Points:
        """The eight corners of the box that it fills."""
        corners = [
            [x, y, z]
            for x in (-_HALF_WIDTH_M, _HALF_WIDTH_M)
            for y in (0.2, _HEIGHT_M * self.body.stature)
            for z in (0.0, LENGTH_M)
        ]
        return np.array(corners) + self.foot(time_s)

    def front(self, time_s: float) -> Points:
        """The corners of the seen end, clockwise from the top left."""
        half, up = _HALF_WIDTH_M, _HEIGHT_M * self.body.stature
        corners = np.array([[-half, up, 0], [half, up, 0], [half, 0, 0], [-half, 0, 0]])
        end: Points = corners + self.foot(time_s)
        return end

    def faces(self, view: View, time_s: float) -> list[tuple[Face, Quad]]:
        """What the camera sees of the body, in painting order."""
        foot = self.foot(time_s)
        side = self.body.left if view.across_m < foot[0] else self.body.right
        seen = [_before_lens(view, face, foot) for face in side]
        if view.ahead(foot[None])[0, 2] > NEAREST_M:
            seen += [Face(face.corners + foot, face.levels, face.shade) for face in self.body.front]
        return [
            (face, view.project(face.corners))
            for face in seen
            if face is not None and view.ahead(face.corners)[:, 2].min() > NEAREST_M / 2
        ]


def _before_lens(view: View, side: Face, foot: Points) -> Face | None:
    """The part of a side that is before the lens, for a car that has half passed it."""
    corners = side.corners + foot
    ahead = view.ahead(corners)[:, 2]
    near, far = min(ahead[0], ahead[3]), min(ahead[1], ahead[2])
    if min(near, far) > NEAREST_M:
        return Face(corners, side.levels, side.shade)
    if max(near, far) <= NEAREST_M:
        return None
    cut = (NEAREST_M - near) / (far - near)
    whole = side.levels.whole
    columns = whole.shape[1]
    at = int(np.clip(round(cut * columns), 1, columns - 1))
    middle = corners[[0, 3]] + cut * (corners[[1, 2]] - corners[[0, 3]])
    if near < far:
        kept = np.stack([middle[0], corners[1], corners[2], middle[1]])
        return Face(kept, Levels(whole[:, at:]), side.shade)
    kept = np.stack([corners[0], middle[0], middle[1], corners[3]])
    return Face(kept, Levels(whole[:, :at]), side.shade)
