"""`lpr-engine bench`: stages, frames per second, latency, memory and start on this machine."""

from __future__ import annotations

import argparse
import dataclasses
import json
import logging
import os
import platform
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from lpr_engine import __version__
from lpr_engine.app.benchmark import BenchmarkReport, run_benchmark
from lpr_engine.cli.run import log_to_stderr


def add_to(commands: Any) -> None:
    """Register the command."""
    command = commands.add_parser("bench", help="measure the engine on this machine")
    command.add_argument("--json", type=Path, default=Path("lpr-bench.json"), metavar="FILE")
    command.add_argument(
        "--seconds", type=float, default=10.0, help="for each number of cameras (default: 10)"
    )
    command.set_defaults(run=bench)


def bench(options: argparse.Namespace) -> int:
    """Measure, print, and write the figures as JSON."""
    log_to_stderr(logging.ERROR)
    report = run_benchmark(options.seconds)
    content = {
        "version": __version__,
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        **dataclasses.asdict(report),
    }
    options.json.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    console = Console(highlight=False)
    console.print(_stages(report))
    console.print(_whole(report))
    console.print(f"written to {options.json}", style="dim")
    return 0


def _stages(report: BenchmarkReport) -> Table:
    table = Table("stage", "p50 ms", "p95 ms", "count", box=None, title="one batch of frames")
    for stage in report.stages:
        table.add_row(stage.stage, f"{stage.p50_ms:.1f}", f"{stage.p95_ms:.1f}", str(stage.count))
    return table


def _whole(report: BenchmarkReport) -> Table:
    table = Table("figure", "value", box=None, title="\nwhole engine")
    for one in report.throughput:
        cameras = "1 camera" if one.cameras == 1 else f"{one.cameras} cameras"
        table.add_row(f"{cameras} of 720p, all together", f"{one.frames_per_second:.1f} frames/s")
    table.add_row("first readable frame to first MQTT message", f"{report.first_message_s:.2f} s")
    table.add_row("last readable frame to final MQTT message", f"{report.final_message_s:.2f} s")
    table.add_row("process start to first frame looked at", f"{report.start_s:.1f} s")
    table.add_row("peak memory", f"{report.peak_memory_mb:.0f} MB")
    return table
