"""`lpr-engine bench`: stages, frames per second, latency, memory and start on this machine."""

from __future__ import annotations

import argparse
import dataclasses
import logging
import math
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from lpr_engine.app.benchmark import BenchmarkReport, run_benchmark
from lpr_engine.app.sample import SAMPLE_CLIP
from lpr_engine.cli import bench_store
from lpr_engine.cli.bench_report import check_target, write_report
from lpr_engine.cli.run import log_to_stderr


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
    bench_store.add_to(command.add_subparsers(title="what else", metavar="WHAT"))


def bench(options: argparse.Namespace) -> int:
    """Measure, print, and write the figures as JSON."""
    log_to_stderr(logging.ERROR)
    check_target(options.json)
    report = run_benchmark(options.seconds, options.clip)
    write_report(options.json, dataclasses.asdict(report))
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
