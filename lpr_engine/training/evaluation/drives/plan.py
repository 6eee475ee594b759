"""Where the camera of a drive-by stands, and which way each of its cars goes."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from lpr_engine.training.evaluation.drives.conditions import Conditions, Scenario
from lpr_engine.training.evaluation.drives.scene.body import LENGTH_M
from lpr_engine.training.evaluation.drives.scene.view import NEAREST_M, View, looking_at
from lpr_engine.training.evaluation.drives.scene.way import BRAKING_S, Stop, Way

SMALLEST_PX = 16.0
"""A drive begins or ends when its plate is this wide."""

_PLATE_M = 0.45
_COMING_M, _GOING_M = -1.55, 1.55
_KERB_M = 2.65
_BESIDE_PARKED_M = 0.45
_MOST_FRAMES = 56
_FARTHEST_M = 75.0
_SIZES_PX = (60.0, 150.0)
_MOST_ASIDE_M, _MOST_SLANT = 5.0, 0.4
_FOCUS_M = (5.0, 24.0)
_FOCAL_PX = (800.0, 5000.0)
_EDGE_PX = 6.0
_ENTERS_M = 0.3
_LOW_M, _HIGH_M = (1.2, 2.5), (2.5, 5.5)


@dataclass(frozen=True, slots=True)
class Course:
    """One car's way: its lane, and whether it is seen from behind."""

    lane_m: float
    way: Way
    from_behind: bool
    is_parked: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """A drive-by before anything is drawn."""

    conditions: Conditions
    view: View
    courses: tuple[Course, ...]


@dataclass(frozen=True, slots=True)
class _Reach:
    """Between which places a lane's plates are seen."""

    near_m: float
    far_m: float


def draw_plan(conditions: Conditions, generator: np.random.Generator) -> Plan:
    """A camera, and cars that pass it."""
    leaves = conditions.scenario is Scenario.LEAVING
    focus_m = _log_uniform(generator, _FOCUS_M)
    view = _camera(_GOING_M if leaves else _COMING_M, focus_m, generator)
    return Plan(conditions, view, _Traffic(conditions, view, focus_m, generator).courses())


def _camera(lane_m: float, focus_m: float, generator: np.random.Generator) -> View:
    """At the roadside, on either side, or above the road; it looks at plates `focus_m` away."""
    aside = min(_MOST_ASIDE_M, _MOST_SLANT * focus_m)
    across = float(
        np.clip(lane_m + generator.uniform(-aside, aside), -_MOST_ASIDE_M, _MOST_ASIDE_M)
    )
    low, high = _LOW_M if generator.random() < 0.5 else _HIGH_M
    height = float(generator.uniform(low, high))
    target = np.array([lane_m * 0.8, 0.6, focus_m])
    away = float(np.linalg.norm(target - np.array([across, height, 0.0])))
    focal = _log_uniform(generator, _SIZES_PX) * away / _PLATE_M
    roll = math.radians(float(generator.normal(0, 1.5)))
    return looking_at(across, height, float(np.clip(focal, *_FOCAL_PX)), target, roll)


@dataclass(frozen=True, slots=True)
class _Traffic:
    """Puts cars before one camera that looks `focus_m` away."""

    conditions: Conditions
    view: View
    focus_m: float
    generator: np.random.Generator

    def courses(self) -> tuple[Course, ...]:
        makers = {
            Scenario.APPROACHING: self._approaching,
            Scenario.LEAVING: self._leaving,
            Scenario.CROSSING: self._crossing,
            Scenario.FOLLOWING: self._following,
            Scenario.STOP_AND_GO: self._stop_and_go,
            Scenario.PARKED: self._parked,
        }
        return makers[self.conditions.scenario]()

    @property
    def _speed(self) -> float:
        return self.conditions.speed_kmh / 3.6

    def _approaching(self) -> tuple[Course, ...]:
        return (self._coming(self._swerved(_COMING_M)),)

    def _leaving(self) -> tuple[Course, ...]:
        return (self._going(self._swerved(_GOING_M), self._speed),)

    def _crossing(self) -> tuple[Course, ...]:
        """One comes, one goes; they meet about where the camera looks."""
        other = self._speed * self._between(0.6, 1.4)
        coming, going = self._coming(_COMING_M), self._going(_GOING_M, other)
        meeting_m = self.focus_m * self._between(0.8, 1.3)
        coming_s = max(0.0, coming.way.start_m - meeting_m) / self._speed
        going_s = max(0.0, meeting_m - going.way.start_m) / other
        wait_s = max(0.0, coming_s - going_s)
        return coming, replace(going, way=replace(going.way, begins_s=wait_s))

    def _following(self) -> tuple[Course, ...]:
        """Two in one lane, a second or two apart."""
        first = self._coming(self._swerved(_COMING_M))
        gap_m = LENGTH_M + max(2.0, self._speed * self._between(0.4, 1.8))
        way = replace(first.way, start_m=first.way.start_m + gap_m)
        return first, replace(first, way=way, lane_m=self._swerved(first.lane_m))

    def _stop_and_go(self) -> tuple[Course, ...]:
        """One that comes near, stands once or twice, and goes on."""
        course = self._coming(self._swerved(_COMING_M))
        whole_s = (course.way.start_m - self._reach(course.lane_m).near_m) / self._speed
        first = Stop(whole_s * self._between(0.2, 0.7), self._between(0.8, 3.5))
        stops = [first]
        if self.generator.random() < 0.4:
            gone_on_s = first.at_s + first.standing_s + 2 * BRAKING_S
            stops.append(Stop(gone_on_s + self._between(0.6, 1.4), self._between(0.5, 2.0)))
        return (replace(course, way=replace(course.way, stops=tuple(stops))),)

    def _parked(self) -> tuple[Course, ...]:
        """One stands at the kerb all the time, another drives past it."""
        side = float(self.generator.choice([-1, 1]))
        reach = self._reach(side * _KERB_M)
        place = float(
            np.clip(self.focus_m * self._between(0.8, 1.3), reach.near_m + 0.3, reach.far_m)
        )
        from_behind = bool(self.generator.random() < 0.5)
        standing = Course(side * _KERB_M, Way(place, 0.0), from_behind, is_parked=True)
        mover = self._coming(-side * _BESIDE_PARKED_M)
        wait_s = self._between(1.0, 22.0 if self.generator.random() < 0.5 else 4.0)
        return standing, replace(mover, way=replace(mover.way, begins_s=wait_s))

    def _coming(self, lane_m: float) -> Course:
        """A car that comes nearer until its plate leaves the picture."""
        reach = self._reach(lane_m)
        affordable_m = self._speed * _MOST_FRAMES / self.conditions.fps
        start_m = min(reach.far_m, reach.near_m + affordable_m)
        return Course(lane_m, Way(start_m, -self._speed), from_behind=False)

    def _going(self, lane_m: float, speed_m_s: float) -> Course:
        """A car that drives away from where its plate enters the picture."""
        return Course(
            lane_m, Way(self._reach(lane_m).near_m - _ENTERS_M, speed_m_s), from_behind=True
        )

    def _reach(self, lane_m: float) -> _Reach:
        """Where along a lane a plate is wholly in the picture and large enough."""
        depths = [float(depth) for depth in np.arange(0.6, _FARTHEST_M, 0.1)]
        seen = [depth for depth in depths if _is_seen(self.view, lane_m, depth)]
        if not seen:
            return _Reach(self.focus_m, self.focus_m + 1.0)
        return _Reach(min(seen), max(seen))

    def _swerved(self, lane_m: float) -> float:
        return lane_m + float(np.clip(self.generator.normal(0, 0.2), -0.4, 0.4))

    def _between(self, low: float, high: float) -> float:
        return float(self.generator.uniform(low, high))


def _is_seen(view: View, lane_m: float, depth_m: float) -> bool:
    half = _PLATE_M / 2
    ends = np.array([[lane_m - half, 0.5, depth_m], [lane_m + half, 0.5, depth_m]])
    if view.ahead(ends)[:, 2].min() < NEAREST_M:
        return False
    places = view.project(ends)
    inside = (places > _EDGE_PX) & (places < np.array([view.width, view.height]) - _EDGE_PX)
    return bool(inside.all()) and float(np.hypot(*(places[1] - places[0]))) >= SMALLEST_PX


def _log_uniform(generator: np.random.Generator, span: tuple[float, float]) -> float:
    return math.exp(float(generator.uniform(math.log(span[0]), math.log(span[1]))))
