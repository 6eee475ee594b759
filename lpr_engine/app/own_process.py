"""A measurement in a fresh process of its own, so that nothing measured before counts with it."""

from __future__ import annotations

import logging
import multiprocessing
import resource
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import ParamSpec, TypeVar

from lpr_engine.model.errors import LprError

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

_PROCESS_STATUS = Path("/proc/self/status")
_PEAK_KEY = "VmHWM:"


class BenchmarkError(LprError):
    """The measurement did not come about."""

    code = "benchmark_failed"


def in_own_process(
    measure: Callable[Arguments, Result], *arguments: Arguments.args, **named: Arguments.kwargs
) -> Result:
    """What `measure`, a module's function, returns in a fresh interpreter.

    Raises:
        BenchmarkError: the process died; errors of `measure` come through as they are.
    """
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, fresh, initializer=_only_errors) as pool:
        try:
            return pool.submit(measure, *arguments, **named).result()
        except BrokenProcessPool as err:
            raise BenchmarkError("the measured process was killed; out of memory?") from err


def peak_memory_mb() -> float:
    """The most memory that this process ever held, in MiB."""
    # The kernel's own mark is preferred, since getrusage's survives exec and may be the parent's.
    if _PROCESS_STATUS.exists():
        for line in _PROCESS_STATUS.read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith(_PEAK_KEY):
                return int(line.split()[1]) / 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # Kilobytes on Linux, bytes on macOS (getrusage(2) of each).
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


def _only_errors() -> None:
    logging.getLogger("lpr_engine").setLevel(logging.ERROR)
