"""`lpr-engine bench store`: how fast a store of a million passages answers."""

from __future__ import annotations

import argparse
import dataclasses
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from lpr_engine.app.store_benchmark import Export, StoreReport, Timing, run_store_benchmark
from lpr_engine.cli.bench_report import check_target, write_report
from lpr_engine.cli.run import log_to_stderr


def add_to(commands: Any) -> None:
    """Register the command below `bench`."""
    command = commands.add_parser("store", help="measure a full store on this machine")
    command.add_argument("--json", type=Path, default=Path("lpr-bench-store.json"), metavar="FILE")
    command.add_argument(
        "--passages", type=_count, default=1_000_000, metavar="COUNT",
        help="how many passages the store holds (default: a million)",
    )  # fmt: skip
    command.add_argument(
        "--rounds", type=_count, default=100, metavar="COUNT",
        help="how often each question is asked (default: 100)",
    )  # fmt: skip
    command.add_argument(
        "--folder", type=Path, metavar="FOLDER",
        help="keep the store there, and use it again (default: a temporary one)",
    )  # fmt: skip
    command.set_defaults(run=bench_store)


def bench_store(options: argparse.Namespace) -> int:
    """Fill, measure, print, and write the figures as JSON."""
    log_to_stderr(logging.ERROR)
    check_target(options.json)
    console = Console(highlight=False)
    with console.status("beginning") as status:
        report = run_store_benchmark(
            options.passages, options.rounds, options.folder, status.update
        )
    write_report(options.json, dataclasses.asdict(report))
    for table in _tables(report):
        console.print(table)
    console.print(f"written to {options.json}", style="dim")
    return 0


def _count(text: str) -> int:
    count = int(text)
    if count < 1:
        raise argparse.ArgumentTypeError(f"{text} is no positive number")
    return count


def _tables(report: StoreReport) -> list[Table]:
    size = f"{report.passages:,} passages, {report.database_mb:,.0f} MB"
    return [
        _timings(f"a page of 50, a figure of a month; {size}", report.quiet),
        _timings("\nthe same while 20 passages a second come in", report.busy),
        _exports(report.exports),
    ]


def _timings(title: str, timings: Sequence[Timing]) -> Table:
    table = Table("", "p50 ms", "p95 ms", "aim", "count", box=None, title=title)
    for one in timings:
        aim = "" if one.aim_ms is None else f"{one.aim_ms:.0f}"
        table.add_row(one.name, f"{one.p50_ms:.1f}", f"{one.p95_ms:.1f}", aim, str(one.count))
    return table


def _exports(exports: Sequence[Export]) -> Table:
    table = Table("", "seconds", "MB", "peak memory", box=None, title="\nexport of everything")
    for one in exports:
        memory = f"{one.peak_memory_mb:.0f} MiB"
        table.add_row(one.format, f"{one.seconds:.1f}", f"{one.megabytes:.0f}", memory)
    return table
