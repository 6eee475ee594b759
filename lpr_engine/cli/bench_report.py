"""Figures of a benchmark as a JSON file, with the machine they were taken on."""

from __future__ import annotations

import json
import os
import platform
from pathlib import Path

from lpr_engine import __version__
from lpr_engine.app.own_process import BenchmarkError
from lpr_engine.model.contract import JsonObject

_CPU_FACTS = Path("/proc/cpuinfo")


def check_target(target: Path) -> None:
    """Complain about a place that cannot be written before a minute of measuring, not after.

    Raises:
        BenchmarkError: it cannot.
    """
    if target.is_dir() or not target.absolute().parent.is_dir():
        raise BenchmarkError(f"{target}: the figures cannot be written there")


def write_report(target: Path, figures: JsonObject) -> None:
    """Write the file.

    Raises:
        BenchmarkError: it cannot be written.
    """
    content = {
        "version": __version__,
        "machine": f"{_processor()}, {os.cpu_count()} cores",
        **figures,
    }
    try:
        target.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    except OSError as err:
        raise BenchmarkError(f"{target}: {err.strerror or err}") from err


def _processor() -> str:
    """Its name where the system tells, else its kind."""
    if _CPU_FACTS.exists():
        for line in _CPU_FACTS.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.machine()
