"""One drive-by, ready to be shown: its pictures in order, and where its plates are in each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from lpr_engine.model.pixels import Pixels
from lpr_engine.training.evaluation.drives.conditions import Conditions, draw_conditions
from lpr_engine.training.evaluation.drives.plan import SMALLEST_PX, Course, Plan, draw_plan
from lpr_engine.training.evaluation.drives.plates import STREAM, CarPlate, PlateStock
from lpr_engine.training.evaluation.drives.scene.body import Body, build_body
from lpr_engine.training.evaluation.drives.scene.car import Car, Mount
from lpr_engine.training.evaluation.drives.scene.disturbance import (
    Air,
    DappledShade,
    Disturbance,
)
from lpr_engine.training.evaluation.drives.scene.levels import Levels
from lpr_engine.training.evaluation.drives.scene.recorder import Recorder
from lpr_engine.training.evaluation.drives.scene.stage import PlateView, Stage
from lpr_engine.training.synthetic.car import CarLook

TAIL_S = 2.2
"""How long the camera looks on after the last plate has gone: passages end within it."""

_TAIL_FPS = 5.0
_MOST_S = 40.0
_MOST_FRAMES = {False: 64, True: 170}
"""By whether a parked car is in view, which takes a while to be told as one."""
_LEAST_S = 0.4
_PAINTS = (
    (46, 84, 140), (150, 30, 34), (196, 198, 202), (28, 30, 34), (232, 232, 230), (96, 100, 106),
    (40, 70, 54), (168, 140, 96), (120, 124, 130), (70, 40, 44),
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Shot:
    """One picture: `pixels` uint8 BGR, and the plate of each car, None where it is not seen."""

    number: int
    time_s: float
    pixels: Pixels
    plates: tuple[PlateView | None, ...]


class Drive:
    """Drive `number` of a seed: everything about it depends on these two alone."""

    def __init__(self, seed: int, number: int, stock: PlateStock) -> None:
        """Plan it and draw its street and cars."""
        generators = [np.random.default_rng((seed, STREAM, number, part)) for part in (2, 3, 4, 5)]
        planning, painting, staging, self._recording = generators
        self.seed, self.number = seed, number
        self.plan: Plan = draw_plan(draw_conditions(number, planning), planning)
        self.car_plates = tuple(stock.plates(number, len(self.plan.courses)))
        cars = tuple(
            _car(course, plate, painting)
            for course, plate in zip(self.plan.courses, self.car_plates, strict=True)
        )
        conditions, shade = self.plan.conditions, None
        if conditions.disturbance is Disturbance.SHADE:
            shade = DappledShade(conditions.disturbed, staging)
        self.stage = Stage(self.plan.view, conditions.light, cars, staging, shade)

    @property
    def conditions(self) -> Conditions:
        """Light, speed, camera and scenario."""
        return self.plan.conditions

    @property
    def times_s(self) -> tuple[float, ...]:
        """When pictures are taken: at the camera's rate, more seldom once all has passed."""
        step = 1 / self.conditions.fps
        ends_s = self._passed_s()
        # 3.15 s are 63 steps of 0.05 s and a rounding error, not 64.
        pictures = [at * step for at in range(int(np.ceil(ends_s / step - 1e-6)) + 1)]
        tail = max(step, 1 / _TAIL_FPS)
        after = [pictures[-1] + step + tail * at for at in range(int(np.ceil(TAIL_S / tail)))]
        return (*pictures, *after)

    def shots(self) -> Iterator[Shot]:
        """Every picture."""
        view, recording = self.plan.view, self.conditions.recording
        conditions, size = self.conditions, (view.width, view.height)
        recorder = Recorder(recording, size, self._recording)
        air = Air(
            conditions.disturbance, conditions.disturbed, conditions.light, size, self._recording
        )
        for number, time_s in enumerate(self.times_s):
            tones = air.before(self.stage.tones(time_s, recording.exposure_s))
            picture = recorder.record(tones, time_s)
            plates = tuple(self.stage.plate(at, time_s) for at in range(len(self.stage.cars)))
            yield Shot(number, time_s, picture, plates)

    def _passed_s(self) -> float:
        """When the last moving plate is out of view, at most as many pictures as are affordable."""
        step = 1 / self.conditions.fps
        last, seen = _LEAST_S, False
        moving = [at for at, course in enumerate(self.plan.courses) if not course.is_parked]
        most = _MOST_FRAMES[any(course.is_parked for course in self.plan.courses)]
        for time_s in np.arange(0, min(_MOST_S, most * step), step):
            views = [self.stage.plate(at, float(time_s)) for at in moving]
            if any(one is not None and one.width_px >= SMALLEST_PX for one in views):
                last, seen = float(time_s), True
        return last if seen else _LEAST_S


def _car(course: Course, plate: CarPlate, generator: np.random.Generator) -> Car:
    mount = _mounted(plate.aspect, generator)
    return Car(
        body=_body(course, mount, generator),
        plate=_plate_layer(plate),
        mount=mount,
        lane_m=course.lane_m,
        way=course.way,
        from_behind=course.from_behind,
        is_lit=not course.is_parked,
    )


def _mounted(aspect: float, generator: np.random.Generator) -> Mount:
    """Plates have a country's height: long ones are low, square ones high."""
    height = 0.11 if aspect > 3.2 else 0.155 if aspect > 1.75 else 0.2
    up = float(generator.uniform(0.4, 0.6))
    return Mount(height * aspect, height, up)


def _body(course: Course, mount: Mount, generator: np.random.Generator) -> Body:
    """A car with a dark holder where the plate hangs."""
    paint = np.array(_PAINTS[int(generator.integers(len(_PAINTS)))])
    red, green, blue = np.clip(paint + generator.normal(0, 8, 3), 8, 245).astype(int).tolist()
    stature = float(generator.uniform(0.95, 1.15))
    holder = np.full((8, max(8, round(8 * mount.width_m / mount.height_m)), 3), 24, np.uint8)
    look = CarLook(
        (red, green, blue), course.from_behind, holder, mount.width_m, mount.up_m / stature
    )
    return build_body(look, stature)


def _plate_layer(plate: CarPlate) -> Levels:
    layer = np.ones((*plate.image.shape[:2], 4), np.float32)
    layer[..., :3] = plate.image
    return Levels(layer)
