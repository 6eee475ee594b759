"""A street with its cars at any time: as tones before the sensor, and where each plate is."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from lpr_engine.training.evaluation.drives.scene.backdrop import draw_backdrop
from lpr_engine.training.evaluation.drives.scene.body import LENGTH_M
from lpr_engine.training.evaluation.drives.scene.car import Car
from lpr_engine.training.evaluation.drives.scene.disturbance import DappledShade
from lpr_engine.training.evaluation.drives.scene.layering import (
    MOST_BLUR_PX,
    Quad,
    Sheet,
    Tones,
)
from lpr_engine.training.evaluation.drives.scene.light import Illumination, Light, Pool
from lpr_engine.training.evaluation.drives.scene.view import NEAREST_M, View

_PROBES = np.array([[(x + 0.5) / 9, (y + 0.5) / 3] for y in range(3) for x in range(9)])
_HEADLAMP_M, _TAIL_LAMP_M = 0.09, 0.07
_HEADLAMP, _TAIL_LAMP = (1700.0, 1650.0, 1500.0), (520.0, 40.0, 30.0)
_SHADOW = 0.5
_SOFTEST_PX = 30.0


@dataclass(frozen=True, slots=True, eq=False)
class PlateView:
    """A plate in one picture: its corners in pixels, and the part of it that nothing hides."""

    quad: Quad
    shown: float

    @property
    def width_px(self) -> float:
        """The mean length of its upper and lower edge."""
        edges = self.quad[[1, 2]] - self.quad[[0, 3]]
        return float(np.linalg.norm(edges, axis=1).mean())


class Stage:
    """Draws one street at any time."""

    def __init__(
        self,
        view: View,
        light: Light,
        cars: tuple[Car, ...],
        generator: np.random.Generator,
        shade: DappledShade | None = None,
    ) -> None:
        """Draw what stands still."""
        self.view, self.light, self.cars, self._shade = view, light, cars, shade
        self._colour = np.array(light.colour, np.float32)
        self._painted: Tones = draw_backdrop(view, generator) * self._colour
        self._illumination = Illumination(view, light, generator)
        self._still: Tones = self._painted * self._illumination.gains(())

    def plate(self, number: int, time_s: float) -> PlateView | None:
        """A car's plate; None while it is behind the lens or outside the picture."""
        corners = self.cars[number].plate_corners(time_s)
        if self.view.ahead(corners)[:, 2].min() < NEAREST_M:
            return None
        quad = self.view.project(corners)
        shown = self._shown(quad, self._before(number, time_s))
        return PlateView(quad, shown) if shown > 0 else None

    def tones(self, time_s: float, exposure_s: float) -> Tones:
        """The picture before the sensor, float32 RGB (H, W, 3)."""
        pools = [pool for car in self.cars if (pool := self._pool(car, time_s)) is not None]
        tones: Tones = (
            self._painted * self._illumination.gains(pools) if pools else self._still.copy()
        )
        for car in self._far_to_near(time_s):
            self._shade_road(tones, car, time_s)
            self._paint(tones, car, time_s, exposure_s)
        for car in self._far_to_near(time_s) if self.light.night else ():
            self._shine(tones, car, time_s)
        return tones

    def _far_to_near(self, time_s: float) -> list[Car]:
        return sorted(self.cars, key=lambda car: -car.way.along_m(time_s))

    def _before(self, number: int, time_s: float) -> list[Quad]:
        """The outlines of the cars that may hide this one."""
        along = self.cars[number].way.along_m(time_s)
        hulls = [
            car.hull(time_s)
            for at, car in enumerate(self.cars)
            if at != number and car.way.along_m(time_s) < along
        ]
        seen = [hull for hull in hulls if self.view.ahead(hull)[:, 2].min() > NEAREST_M]
        outlines = [cv2.convexHull(self.view.project(hull))[:, 0] for hull in seen]
        return [np.asarray(outline, np.float32) for outline in outlines]

    def _shown(self, quad: Quad, hulls: list[Quad]) -> float:
        unit = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)
        matrix = cv2.getPerspectiveTransform(unit, quad)
        points = cv2.perspectiveTransform(_PROBES[None], matrix)[0]
        inside = ((points >= 0) & (points < [self.view.width, self.view.height])).all(axis=1)
        for hull in hulls:
            hidden = [
                cv2.pointPolygonTest(hull, (float(x), float(y)), False) > 0 for x, y in points
            ]
            inside &= ~np.array(hidden)
        return float(inside.mean())

    def _paint(self, tones: Tones, car: Car, time_s: float, exposure_s: float) -> None:
        faces = car.faces(self.view, time_s)
        plate = car.plate_corners(time_s)
        ahead = float(self.view.ahead(plate)[:, 2].min())
        if not faces:
            return
        way = self._moved(car, time_s, exposure_s) if ahead > NEAREST_M else np.zeros(2, np.float32)
        margin = int(min(np.ceil(np.hypot(*way)), MOST_BLUR_PX)) + 2
        size = (self.view.width, self.view.height)
        sheet = Sheet.around([quad for _, quad in faces], margin, size)
        if sheet is None:
            return
        distance = max(ahead, 1.0)
        for face, quad in faces:
            sheet.lay(face.levels, quad, self._colour * face.shade * self.light.on_body(distance))
        if ahead > NEAREST_M:
            light = self._colour * self.light.on_plate(distance)
            sheet.lay(car.plate, self.view.project(plate), light)
        if self._shade is not None and ahead > NEAREST_M:
            front = self.view.project(car.front(time_s)) - sheet.corner
            sheet.dim(self._shade.fallen(front, car.way.along_m(time_s), sheet.size))
        sheet.smear(way)
        sheet.cover(tones)

    def _moved(self, car: Car, time_s: float, exposure_s: float) -> NDArray[np.float32]:
        """How far the plate moves in the picture while the shutter is open, (x, y) in pixels."""
        start = self.view.project(car.plate_corners(time_s)).mean(axis=0)
        end = self.view.project(car.plate_corners(time_s + exposure_s)).mean(axis=0)
        return np.asarray(end - start, np.float32)

    def _shade_road(self, tones: Tones, car: Car, time_s: float) -> None:
        """The shadow under a car, soft at its edges."""
        x, _, z = car.foot(time_s)
        corners = np.array(
            [[x + dx, 0, z + dz] for dx, dz in ((-1, 0), (1, 0), (1, LENGTH_M), (-1, LENGTH_M))]
        )
        if self.view.ahead(corners)[:, 2].min() < NEAREST_M:
            return
        quad = self.view.project(corners)
        soft = round(min(_SOFTEST_PX, 0.04 * np.hypot(*(quad[1] - quad[0])))) + 1
        sheet = Sheet.around([quad], 2 * soft, (self.view.width, self.view.height))
        if sheet is None:
            return
        mask = np.zeros(sheet.layer.shape[:2], np.float32)
        outline = np.round(quad - sheet.corner).astype(np.int32)
        cv2.fillConvexPoly(mask, outline, _SHADOW)
        side = (2 * soft + 1, 2 * soft + 1)
        sheet.layer[..., 3] = cv2.blur(cv2.blur(mask, side), side)
        sheet.cover(tones)

    def _pool(self, car: Car, time_s: float) -> Pool | None:
        """Where a car's headlamps light the road."""
        if not (self.light.night and car.is_lit):
            return None
        along = car.way.along_m(time_s)
        ahead = along + LENGTH_M + 5.0 if car.from_behind else along - 5.0
        return Pool(car.lane_m, ahead, 1.4, 4.0, 0.5 * self.light.headlamps)

    def _shine(self, tones: Tones, car: Car, time_s: float) -> None:
        lamps = car.lamps(time_s)
        if not car.is_lit or self.view.ahead(lamps)[:, 2].min() < NEAREST_M:
            return
        size_m, colour = (_TAIL_LAMP_M, _TAIL_LAMP) if car.from_behind else (_HEADLAMP_M, _HEADLAMP)
        hulls = self._before(self.cars.index(car), time_s)
        for place, lamp in zip(self.view.project(lamps), self.view.ahead(lamps), strict=True):
            at = (float(place[0]), float(place[1]))
            if any(cv2.pointPolygonTest(hull, at, False) > 0 for hull in hulls):
                continue
            radius = max(1.0, size_m * self.view.focal_px / float(lamp[2]))
            _add_lamp(tones, place, radius, np.array(colour, np.float32) * self.light.headlamps)


def _add_lamp(
    tones: Tones, place: NDArray[np.float32], radius: float, colour: NDArray[np.float32]
) -> None:
    height, width = tones.shape[:2]
    reach = int(3 * radius) + 1
    x, y = int(place[0]), int(place[1])
    x0, x1 = max(0, x - reach), min(width, x + reach + 1)
    y0, y1 = max(0, y - reach), min(height, y + reach + 1)
    if x1 <= x0 or y1 <= y0:
        return
    across = (np.arange(x0, x1, dtype=np.float32) - place[0]) / radius
    down = (np.arange(y0, y1, dtype=np.float32) - place[1]) / radius
    glow = np.exp(-(down[:, None] ** 2 + across[None] ** 2))
    tones[y0:y1, x0:x1] += glow[..., None] * colour
