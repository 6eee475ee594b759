"""A still scene closes the gate, anything that moves opens it."""

import numpy as np

from lpr_engine.model.frame import Frame
from lpr_engine.pipeline.motion import MotionGate, MotionOptions
from tests.lpr_engine.pipeline.scripted import START


def scene(seconds: float, car_at: int | None = None, light: int = 0, noise: int = 0) -> Frame:
    rng = np.random.default_rng(int(seconds * 100))
    pixels = np.full((720, 1280, 3), 90 + light, np.int16)
    if noise:
        pixels += rng.integers(-noise, noise + 1, pixels.shape, np.int16)
    if car_at is not None:
        pixels[400:500, car_at : car_at + 160] = 160
    return Frame("gate", np.clip(pixels, 0, 255).astype(np.uint8), START, seconds, 0)


def test_still_scene_is_looked_at_only_now_and_then() -> None:
    gate = MotionGate(MotionOptions(linger_s=1, look_anyway_s=2))
    looked = [gate.opens(scene(tenth / 10, noise=4)) for tenth in range(100)]
    assert looked[0]
    assert 4 <= sum(looked[20:]) <= 5


def test_a_moving_car_keeps_the_gate_open() -> None:
    gate = MotionGate()
    for tenth in range(40):
        gate.opens(scene(tenth / 10))
    assert all(gate.opens(scene(4 + tenth / 10, car_at=100 + 20 * tenth)) for tenth in range(20))


def test_changing_light_alone_does_not_open_it() -> None:
    gate = MotionGate(MotionOptions(linger_s=0.1, look_anyway_s=100))
    gate.opens(scene(0))
    gate.opens(scene(0.2))
    assert not any(gate.opens(scene(1 + step / 10, light=2 * step)) for step in range(20))


def test_changed_resolution_and_a_clip_that_starts_again_open_it() -> None:
    gate = MotionGate(MotionOptions(linger_s=0.1, look_anyway_s=100))
    for tenth in range(10):
        gate.opens(scene(tenth / 10))
    small = Frame("gate", np.zeros((1, 1, 3), np.uint8), START, 1.5, 0)
    assert gate.opens(small)
    assert gate.opens(scene(0.0))


def test_grain_of_the_night_keeps_it_closed() -> None:
    gate = MotionGate(MotionOptions(linger_s=0.1, look_anyway_s=100))
    gate.opens(scene(0, noise=12))
    gate.opens(scene(0.2, noise=12))
    assert not any(gate.opens(scene(1 + tenth / 10, noise=12)) for tenth in range(30))


def test_a_car_that_creeps_opens_it_before_the_next_look_is_due() -> None:
    gate = MotionGate(MotionOptions(linger_s=0.1, look_anyway_s=100))
    for tenth in range(5):
        gate.opens(scene(tenth / 10, car_at=400))
    assert any(gate.opens(scene(1 + tenth / 10, car_at=400 + tenth // 2)) for tenth in range(20))
