"""`lpr-engine demo`: the whole engine on the bundled clip; no camera, broker or root needed."""

from __future__ import annotations

import argparse
import logging
import tempfile
import threading
from pathlib import Path
from typing import Any

from rich.console import Console

from lpr_engine.app.engine import Engine
from lpr_engine.app.sample import SAMPLE_CLIP, sample_configuration
from lpr_engine.cli.live_line import LiveLine
from lpr_engine.cli.run import log_to_stderr, stop_signal
from lpr_engine.config.sections import ApiSection

_POLL_S = 0.1


def add_to(commands: Any) -> None:
    """Register the command."""
    command = commands.add_parser("demo", help="play the bundled clip through the whole engine")
    command.add_argument("--clip", type=Path, default=SAMPLE_CLIP, metavar="FILE")
    command.add_argument("--port", type=int, default=ApiSection().port, help="of the HTTP door")
    command.add_argument(
        "--exit", action="store_true", help="end with the clip instead of serving on"
    )
    command.set_defaults(run=demo)


def demo(options: argparse.Namespace) -> int:
    """Play the clip; 1 when nothing was read from it."""
    log_to_stderr(logging.WARNING)
    console = Console(highlight=False, soft_wrap=True)
    told = stop_signal()
    with tempfile.TemporaryDirectory(prefix="lpr-demo-") as folder:
        live = LiveLine(console)
        configuration = sample_configuration(Path(folder), options.clip, options.port)
        engine = Engine(configuration, [live])
        engine.start()
        try:
            _welcome(console, engine, options.clip)
            _play(engine, told)
            _summary(console, engine, live.finals)
            if not (options.exit or told.is_set()):
                console.print(f"Still serving {engine.api_url} - Ctrl-C ends.", style="dim")
                told.wait()
        finally:
            engine.stop()
    return 0 if live.finals else 1


def _play(engine: Engine, told: threading.Event) -> None:
    while not told.wait(_POLL_S):
        if engine.idle:
            return


def _welcome(console: Console, engine: Engine, clip: Path) -> None:
    console.print(f"[bold]LPR engine[/] plays {clip.name} as camera [bold]street[/]")
    console.print(f"  results   {engine.api_url}/api/v1/passages", style="dim")
    console.print(f"  MQTT      {engine.broker}, topics lpr/demo/#\n", style="dim")


def _summary(console: Console, engine: Engine, finals: int) -> None:
    stages = {stage.stage: stage for stage in engine.figures().stages}
    timings = ", ".join(
        f"{name} {stages[name].p50_ms:.0f} ms" for name in ("detect", "read") if name in stages
    )
    console.print(f"\n[bold]{finals} vehicles passed.[/] Median: {timings}.")
