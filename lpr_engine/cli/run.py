"""`lpr-engine run [--config FILE]`: the engine, until it is told to stop."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
import threading
from pathlib import Path
from typing import Any

from rich.console import Console

from lpr_engine.app.engine import Engine
from lpr_engine.cli.live_line import LiveLine
from lpr_engine.config.loading import load_configuration

ADD_ON_OPTIONS = Path("/data/options.json")
_LEVELS = {
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "warning": logging.WARNING,
    "error": logging.ERROR,
}


def add_to(commands: Any) -> None:
    """Register the command."""
    command = commands.add_parser("run", help="run the engine with a configuration")
    command.add_argument(
        "--config", type=Path, default=ADD_ON_OPTIONS, metavar="FILE",
        help=f"YAML, or the add-on's options (default: {ADD_ON_OPTIONS})",
    )  # fmt: skip
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Run until SIGTERM or Ctrl-C."""
    configuration = load_configuration(options.config, os.environ)
    log_to_stderr(_LEVELS.get(configuration.engine.log_level, logging.INFO))
    told = stop_signal()
    engine = Engine(configuration, [LiveLine(Console())])
    engine.start()
    try:
        told.wait()
    finally:
        engine.stop()
    return 0


def log_to_stderr(level: int) -> None:
    """One line a message; libraries only speak up when something is wrong."""
    logging.basicConfig(
        stream=sys.stderr,
        level=logging.WARNING,
        format="%(asctime)s %(levelname)-7s %(name)s: %(message)s",
    )
    logging.getLogger("lpr_engine").setLevel(level)


def stop_signal() -> threading.Event:
    """An event that SIGTERM and Ctrl-C set, instead of ending the process on the spot."""
    told = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: told.set())
    return told
