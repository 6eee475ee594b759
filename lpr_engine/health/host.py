"""Figures of the machine and of this process."""

from __future__ import annotations

import math
from pathlib import Path

import psutil

from lpr_engine.health.jetson import JetsonStats
from lpr_engine.health.sensor_files import gpu_percent, power_w, temperature_c
from lpr_engine.model.figures import HostFigures

_MB = 1024 * 1024
_SYS = Path("/sys")


class HostProbe:
    """Measures the host; what a machine does not tell stays None.

    The processor figure covers the time since the call before, so one probe belongs to one loop.
    """

    def __init__(self, storage_folder: Path, sys_root: Path = _SYS) -> None:
        self._storage_folder = storage_folder
        self._sys_root = sys_root
        self._process = psutil.Process()
        self._jetson = JetsonStats()
        psutil.cpu_percent(interval=None)

    def measure(self) -> HostFigures:
        """The figures now; takes milliseconds and never raises for an absent sensor."""
        jetson = self._jetson.read()
        return HostFigures(
            cpu_percent=psutil.cpu_percent(interval=None),
            memory_percent=psutil.virtual_memory().percent,
            process_memory_mb=self._process.memory_info().rss / _MB,
            disk_free_mb=free_mb(self._storage_folder),
            temperature_c=_first(temperature_c(self._sys_root), jetson.temperature_c),
            gpu_percent=_first(gpu_percent(self._sys_root), jetson.gpu_percent),
            power_w=_first(power_w(self._sys_root), jetson.power_w),
        )

    def close(self) -> None:
        """Let go of the Jetson's statistics service."""
        self._jetson.close()


def free_mb(folder: Path) -> float:
    """Free space on the disk of a folder that may not exist yet; 0 where none can be had."""
    existing = next(
        (place for place in (folder, *folder.absolute().parents) if place.exists()), None
    )
    try:
        return psutil.disk_usage(str(existing)).free / _MB if existing else 0.0
    except OSError:
        return 0.0


def _first(*values: float | None) -> float | None:
    known = (value for value in values if value is not None and math.isfinite(value))
    return next(known, None)
