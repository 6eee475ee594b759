"""`lpr-engine config check FILE`: every mistake of a configuration, with its place."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

from rich.console import Console

from lpr_engine.config.loading import check_configuration


def add_to(commands: Any) -> None:
    """Register the command."""
    command = commands.add_parser("config", help="check a configuration file")
    actions = command.add_subparsers(metavar="ACTION", required=True)
    check = actions.add_parser("check", help="name each mistake with file, line and key")
    check.add_argument("file", type=Path, metavar="FILE")
    check.set_defaults(run=check_file)


def check_file(options: argparse.Namespace) -> int:
    """Print the mistakes; 0 when there is none."""
    problems = check_configuration(options.file, os.environ)
    console = Console(stderr=bool(problems), highlight=False, soft_wrap=True)
    for problem in problems:
        console.print(str(problem), markup=False)
    if not problems:
        console.print(f"{options.file}: no mistakes found", markup=False)
    return 1 if problems else 0
