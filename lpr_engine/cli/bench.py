"""`lpr-engine bench`: stages, frames per second, latency, memory and start on this machine."""

from __future__ import annotations

import argparse
import dataclasses
import json
import logging
import math
import os
import platform
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from lpr_engine import __version__
from lpr_engine.app.benchmark import BenchmarkReport, run_benchmark
from lpr_engine.app.own_process import BenchmarkError
from lpr_engine.app.sample import SAMPLE_CLIP
from lpr_engine.cli.run import log_to_stderr

_CPU_FACTS = Path("/proc/cpuinfo")


def add_to(commands: Any) -> None:
    """Register the command."""
    command = commands.add_parser("bench", help="measure the engine on this machine")
    command.add_argument("--json", type=Path, default=Path("lpr-bench.json"), metavar="FILE")
    command.add_argument(
        "--seconds", type=_seconds, default=60.0, metavar="MOST",
        help="stop after this time for each number of cameras (default: 60)",
    )  # fmt: skip
    command.add_argument(
        "--clip", type=Path, default=SAMPLE_CLIP, metavar="FILE",
        help="a clip with vehicles that drive by (default: the bundled one)",
    )  # fmt: skip
    command.set_defaults(run=bench)


def bench(options: argparse.Namespace) -> int:
    """Measure, print, and write the figures as JSON."""
    log_to_stderr(logging.ERROR)
    _check(options.json)
    report = run_benchmark(options.seconds, options.clip)
    _write(options.json, report)
    console = Console(highlight=False)
    console.print(_stages(report))
    console.print(_whole(report))
    console.print(f"written to {options.json}", style="dim")
    return 0


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 < seconds < math.inf:
        raise argparse.ArgumentTypeError(f"{text} is no positive number of seconds")
    return seconds


def _check(target: Path) -> None:
    """Complain about a place that cannot be written before a minute of measuring, not after."""
    if target.is_dir() or not target.absolute().parent.is_dir():
        raise BenchmarkError(f"{target}: the figures cannot be written there")


def _write(target: Path, report: BenchmarkReport) -> None:
    content = {
        "version": __version__,
        "machine": f"{_processor()}, {os.cpu_count()} cores",
        **dataclasses.asdict(report),
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


def _stages(report: BenchmarkReport) -> Table:
    table = Table(
        "stage", "p50 ms", "p95 ms", "count", box=None, title="stages, one live camera of 720p"
    )
    for stage in report.live.stages:
        table.add_row(stage.stage, f"{stage.p50_ms:.1f}", f"{stage.p95_ms:.1f}", str(stage.count))
    return table


def _whole(report: BenchmarkReport) -> Table:
    live = report.live
    table = Table("figure", "value", "peak memory", box=None, title="\nwhole engine")
    for one in report.throughput:
        table.add_row(
            f"frames per second, {_cameras(one.cameras)}, all together",
            f"{one.frames_per_second:.1f}{'' if one.whole_clip else ' (part of the clip)'}",
            f"{one.peak_memory_mb:.0f} MiB",
        )
    table.add_row("one live camera", f"{live.passages} passages", f"{live.peak_memory_mb:.0f} MiB")
    table.add_row("  first readable frame to MQTT message", f"{live.first_message_s:.2f} s")
    table.add_row("  last frame of a plate to final message", f"{live.final_message_s:.2f} s")
    table.add_row("  process start to first frame looked at", f"{live.start_s:.2f} s")
    return table


def _cameras(count: int) -> str:
    return "1 camera" if count == 1 else f"{count} cameras"
