"""`lpr-engine demo`: the whole engine on the bundled clip; no camera, broker or root needed."""

from __future__ import annotations

import argparse
import logging
import shutil
import tempfile
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape

from lpr_engine.app.engine import Engine
from lpr_engine.app.sample import SAMPLE_CLIP, sample_configuration
from lpr_engine.cli.live_line import LiveLine
from lpr_engine.cli.printing import Terminal
from lpr_engine.cli.run import log_to_stderr
from lpr_engine.cli.secret_file import new_secret_file
from lpr_engine.cli.stopping import StopRequest
from lpr_engine.config.sections import ApiSection
from lpr_engine.model.access import SCOPES_OF_ROLE, Role

_POLL_S = 0.1
_LAST_PORT = 65_535


def add_to(commands: Any) -> None:
    """Register the command."""
    command = commands.add_parser("demo", help="play the bundled clip through the whole engine")
    command.add_argument("--clip", type=Path, default=SAMPLE_CLIP, metavar="FILE")
    command.add_argument(
        "--port", type=_port, default=ApiSection().port,
        help="of the HTTP door; 0 picks a free one (default: %(default)s)",
    )  # fmt: skip
    command.add_argument(
        "--exit", action="store_true", help="end with the clip instead of serving on"
    )
    command.set_defaults(run=demo)


def demo(options: argparse.Namespace) -> int:
    """Play the clip; 1 when nothing was read from it."""
    log_to_stderr(logging.WARNING)
    folder = Path(tempfile.mkdtemp(prefix="lpr-demo-"))
    with StopRequest(lambda: shutil.rmtree(folder, ignore_errors=True)) as told:
        console = Terminal()
        live = LiveLine(console)
        engine = Engine(sample_configuration(folder, options.clip, options.port), [live])
        engine.start()
        try:
            key_file = _hand_out_key(engine, folder)
            _welcome(console, engine, options.clip, key_file)
            _play(engine, live, told)
            if not (options.exit or told.is_told or live.reader_gone):
                _summary(console, engine, live)
                console.print(f"Still serving {engine.api_url} - Ctrl-C ends.", style="dim")
                told.wait()
                return 0
        finally:
            engine.stop()
        _summary(console, engine, live)
    return 0 if live.finals else 1


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) <= _LAST_PORT):
        raise argparse.ArgumentTypeError(f"{text!r} is no port number from 0 to {_LAST_PORT}")
    return int(text)


def _play(engine: Engine, live: LiveLine, told: StopRequest) -> None:
    while not (told.wait(_POLL_S) or live.reader_gone):
        if engine.idle:
            return


def _hand_out_key(engine: Engine, folder: Path) -> Path:
    """A file that only its user can read, with a key that may do all that this demo can."""
    file = folder / "key"
    with new_secret_file(file) as out:
        out.write(engine.issue_key("demo", SCOPES_OF_ROLE[Role.ADMIN]) + "\n")
    return file


def _welcome(console: Console, engine: Engine, clip: Path, key_file: Path) -> None:
    console.print(f"[bold]LPR engine[/] plays {escape(clip.name)} as camera [bold]street[/]")
    console.print(f"  results   {engine.api_url}/api/v1/passages", style="dim")
    console.print(f"  MQTT      {engine.broker}, topics lpr/demo/#", style="dim")
    line = f'curl -s -H "Authorization: Bearer $(cat {key_file})" {engine.api_url}/api/v1/passages'
    console.print(f"  try       {line}\n", style="dim", markup=False)


def _summary(console: Console, engine: Engine, live: LiveLine) -> None:
    live.drain()
    stages = {stage.stage: stage for stage in engine.figures().stages}
    timings = ", ".join(
        f"{name} {stages[name].p50_ms:.0f} ms" for name in ("detect", "read") if name in stages
    )
    vehicles = "1 vehicle" if live.finals == 1 else f"{live.finals} vehicles"
    console.print(f"\n[bold]{vehicles} passed.[/]{timings and f' Median: {timings}.'}")
    for problem in engine.figures().problems:
        console.print(problem, style="red", markup=False)
