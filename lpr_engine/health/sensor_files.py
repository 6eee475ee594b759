"""Sensors that Linux shows as small text files: thermal zones, Jetson GPU load, INA3221 power."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

_GPU_LOAD_FILES = ("devices/gpu.0/load", "devices/platform/gpu.0/load")
_INA3221_FILES = "bus/i2c/drivers/ina3221/*/hwmon/hwmon*"
# The hottest of these is what the board throttles by; fans and the PMIC's constant are no part.
_ZONE_TYPES = ("tj", "cpu", "gpu", "soc", "x86_pkg", "core", "acpitz", "pkg")
_NO_ZONE_TYPES = ("fan", "pmic")
_BELIEVABLE_C = (-40.0, 150.0)


def read_number(path: Path) -> float | None:
    """The number in a sensor file; None where the sensor is absent, asleep or talks nonsense."""
    try:
        number = float(read_text(path))
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def read_text(path: Path) -> str:
    """The text in a sensor file; empty where there is none."""
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        return ""


def temperature_c(sys_root: Path) -> float | None:
    """The hottest processor zone, looked up by type, since zone numbers differ between boards."""
    zones = dict(_zones(sys_root))
    known = [value for name, value in zones.items() if name.startswith(_ZONE_TYPES)]
    return max(known or zones.values(), default=None)


def gpu_percent(sys_root: Path) -> float | None:
    """Load of a Jetson's GPU; the file tells tenths of a percent."""
    loads = (read_number(sys_root / name) for name in _GPU_LOAD_FILES)
    return next((load / 10.0 for load in loads if load is not None), None)


def power_w(sys_root: Path) -> float | None:
    """Power of the board: its input rail (`VDD_IN`, `POM_5V_IN`), else the sum of all rails."""
    rails = [rail for folder in sorted(sys_root.glob(_INA3221_FILES)) for rail in _rails(folder)]
    inputs = [watts for label, watts in rails if label.endswith("_IN")]
    if inputs:
        return inputs[0]
    return sum(watts for _, watts in rails) if rails else None


def _rails(folder: Path) -> Iterator[tuple[str, float]]:
    """Label and power of a chip's three channels; the kernel shows millivolts and milliamperes."""
    for channel in (1, 2, 3):
        millivolts = read_number(folder / f"in{channel}_input")
        milliamperes = read_number(folder / f"curr{channel}_input")
        if millivolts is not None and milliamperes is not None:
            yield read_text(folder / f"in{channel}_label"), millivolts * milliamperes / 1e6


def _zones(sys_root: Path) -> Iterator[tuple[str, float]]:
    for folder in sorted(sys_root.glob("class/thermal/thermal_zone*")):
        name = read_text(folder / "type").lower()
        millidegrees = read_number(folder / "temp")
        if millidegrees is None or any(part in name for part in _NO_ZONE_TYPES):
            continue
        lowest_c, highest_c = _BELIEVABLE_C
        if lowest_c < millidegrees / 1000 < highest_c:
            yield name, millidegrees / 1000
