import dataclasses
from datetime import timedelta
from types import ModuleType

import numpy as np
import pytest

from lpr_engine.model import clock, figures, frame, geometry, observation, outbox, passage, vehicle
from lpr_engine.model.clock import SystemClock
from lpr_engine.model.frame import Frame

MODULES = (figures, frame, geometry, observation, outbox, passage, vehicle)
VALUES = [
    kind
    for module in MODULES
    for kind in vars(module).values()
    if dataclasses.is_dataclass(kind) and kind.__module__ == module.__name__
]


@pytest.mark.parametrize("kind", VALUES, ids=lambda kind: kind.__name__)
def test_every_value_is_frozen_and_slotted(kind: type) -> None:
    assert kind.__dataclass_params__.frozen
    assert "__slots__" in vars(kind)


@pytest.mark.parametrize("module", [*MODULES, clock], ids=lambda module: module.__name__)
def test_every_module_says_what_it_holds(module: ModuleType) -> None:
    assert module.__doc__


def test_system_clock_tells_aware_utc_and_never_goes_back() -> None:
    hands = SystemClock()
    assert hands.now().utcoffset() == timedelta(0)
    first = hands.monotonic_s()
    assert hands.monotonic_s() >= first


def test_frame_knows_its_size() -> None:
    pixels = np.zeros((48, 64, 3), dtype=np.uint8)
    one = Frame("gate", pixels, SystemClock().now(), 0.0, 0)
    assert (one.width, one.height) == (64, 48)
    assert all(type(side) is int for side in (one.width, one.height))
