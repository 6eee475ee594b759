"""Under what conditions a drive-by happens, drawn from its own random numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum

import numpy as np

from lpr_engine.training.evaluation.drives.scene.disturbance import Disturbance
from lpr_engine.training.evaluation.drives.scene.light import Light
from lpr_engine.training.evaluation.drives.scene.recorder import Recording


class Scenario(Enum):
    """What happens in front of the camera."""

    APPROACHING = "approaching"
    LEAVING = "leaving"
    CROSSING = "crossing"
    FOLLOWING = "following"
    STOP_AND_GO = "stop and go"
    PARKED = "parked car"


_CYCLE = (
    Scenario.APPROACHING,
    Scenario.CROSSING,
    Scenario.STOP_AND_GO,
    Scenario.LEAVING,
    Scenario.FOLLOWING,
    Scenario.PARKED,
    Scenario.APPROACHING,
    Scenario.FOLLOWING,
    Scenario.CROSSING,
    Scenario.STOP_AND_GO,
)
"""A tenth of the drives each; the number of a drive says which."""

_FPS = (5.0, 6.0, 8.0, 10.0, 12.5, 15.0, 20.0, 25.0)
_SPEEDS_KMH = (5.0, 60.0)
_SLOW_KMH = (5.0, 25.0)
_PARKED_FPS = 8.0
_BY_DAY = {
    Disturbance.NONE: 0.4,
    Disturbance.RAIN: 0.12,
    Disturbance.SNOW: 0.06,
    Disturbance.SHADE: 0.16,
    Disturbance.TWIGS: 0.13,
    Disturbance.WIND: 0.13,
}
_BY_NIGHT = {
    Disturbance.NONE: 0.5,
    Disturbance.RAIN: 0.17,
    Disturbance.SNOW: 0.09,
    Disturbance.TWIGS: 0.12,
    Disturbance.WIND: 0.12,
}


@dataclass(frozen=True, slots=True)
class Conditions:
    """All that a drive's figures are sorted by, and how it is lit and recorded."""

    scenario: Scenario
    speed_kmh: float
    light: Light
    recording: Recording
    disturbance: Disturbance = Disturbance.NONE
    disturbed: float = 0.0
    """How much, 0..1."""

    @property
    def night(self) -> bool:
        """Whether it is dark."""
        return self.light.night

    @property
    def light_name(self) -> str:
        """Day or which kind of night, in words."""
        if not self.night:
            return "day"
        return "night, infrared" if self.light.infrared else "night, street lamps"

    @property
    def fps(self) -> float:
        """Pictures in a second."""
        return self.recording.fps


def draw_conditions(number: int, generator: np.random.Generator) -> Conditions:
    """The conditions of drive `number`."""
    scenario = _CYCLE[number % len(_CYCLE)]
    low, high = _SLOW_KMH if scenario is Scenario.STOP_AND_GO else _SPEEDS_KMH
    speed = float(generator.uniform(low, high))
    rates = [fps for fps in _FPS if scenario is not Scenario.PARKED or fps <= _PARKED_FPS]
    fps = float(generator.choice(rates))
    light = _night(generator) if generator.random() < 0.5 else _day(generator)
    recording = _recording(light, fps, generator)
    disturbance = _disturbance(_BY_NIGHT if light.night else _BY_DAY, generator)
    disturbed = float(generator.uniform(0.2, 1.0))
    return Conditions(scenario, speed, light, recording, disturbance, disturbed)


def _disturbance(chances: dict[Disturbance, float], generator: np.random.Generator) -> Disturbance:
    kinds = list(chances)
    return kinds[int(generator.choice(len(kinds), p=list(chances.values())))]


def _day(generator: np.random.Generator) -> Light:
    """From a grey morning to a sunny noon; now and then the sun stands behind the car."""
    ambient = float(generator.uniform(0.6, 1.1))
    against = generator.random() < 0.2
    seen = generator.uniform(0.35, 0.6) if against else generator.uniform(0.6, 1.0)
    warm = float(generator.normal(0, 0.05))
    return Light(
        night=False,
        infrared=False,
        ambient=ambient,
        body=ambient * (0.5 if against else 1.0),
        plate=ambient * float(seen),
        reach_m=10.0,
        headlamps=0.0,
        colour=(math.exp(warm), 1.0, math.exp(-warm)),
    )


def _night(generator: np.random.Generator) -> Light:
    """Under a camera's infrared lamp, or under street lamps."""
    if generator.random() < 0.6:
        return Light(
            night=True,
            infrared=True,
            ambient=float(generator.uniform(0.05, 0.12)),
            body=float(generator.uniform(0.12, 0.32)),
            plate=_log_uniform(generator, 0.55, 1.8),
            reach_m=_log_uniform(generator, 6.0, 18.0),
            headlamps=float(generator.uniform(0.1, 0.6)),
            colour=(1.0, 1.0, 1.0),
        )
    return Light(
        night=True,
        infrared=False,
        ambient=float(generator.uniform(0.06, 0.16)),
        body=float(generator.uniform(0.1, 0.24)),
        plate=float(generator.uniform(0.45, 0.9)),
        reach_m=10.0,
        headlamps=float(generator.uniform(0.5, 1.0)),
        colour=(1.08, 0.96, float(generator.uniform(0.6, 0.85))),
    )


def _recording(light: Light, fps: float, generator: np.random.Generator) -> Recording:
    """Shutter and noise as the light asks for; focus and packing as luck has it."""
    if not light.night:
        exposure, noise = _log_uniform(generator, 1 / 4000, 1 / 500), generator.uniform(1, 4)
    elif light.infrared:
        exposure, noise = _log_uniform(generator, 1 / 1000, 1 / 300), generator.uniform(2, 7)
    else:
        exposure, noise = _log_uniform(generator, 1 / 1000, 1 / 250), generator.uniform(4, 9)
    is_video = bool(generator.random() < 0.6)
    return Recording(
        fps=fps,
        exposure_s=min(exposure, 0.9 / fps),
        focus_px=float(np.clip(generator.gamma(2.0, 0.2), 0.3, 0.8)),
        noise=float(noise),
        coloured_noise=float(noise) * 0.5 if light.night and not light.infrared else 0.0,
        bloom=float(generator.uniform(0.15, 0.6)) if light.night else 0.0,
        haze=float(generator.uniform(0.1, 0.35)) if generator.random() < 0.1 else 0.0,
        is_grey=light.infrared,
        quality=int(generator.uniform(40, 85) if is_video else generator.uniform(35, 90)),
        is_video=is_video,
    )


def _log_uniform(generator: np.random.Generator, low: float, high: float) -> float:
    return math.exp(float(generator.uniform(math.log(low), math.log(high))))
