"""The command `lpr-engine`: words to functions, errors to one clear line and an exit code."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Sequence

from lpr_engine import __version__
from lpr_engine.cli import bench, configuration, demo, evaluate, models, read, run, train
from lpr_engine.model.errors import LprError

_FAILED = 1
_INTERRUPTED = 130

_COMMANDS = (demo, run, read, configuration, models, evaluate, train, bench)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    options = parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except LprError as error:
        sys.stderr.write(f"lpr-engine: {error} [{error.code}]\n")
        return _FAILED
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has seen enough; Python would complain again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 128 + signal.SIGPIPE


def parser() -> argparse.ArgumentParser:
    """Every command with its options."""
    top = argparse.ArgumentParser(
        prog="lpr-engine",
        description="License-plate recognition: cameras go in, plate passages come out.",
    )
    top.add_argument("--version", action="version", version=f"lpr-engine {__version__}")
    commands = top.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for command in _COMMANDS:
        command.add_to(commands)
    return top


if __name__ == "__main__":
    sys.exit(main())
