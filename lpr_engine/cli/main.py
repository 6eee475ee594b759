"""The command `lpr-engine`: words to functions, errors to one clear line and an exit code."""

from __future__ import annotations

import argparse
import importlib
import io
import os
import signal
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from lpr_engine import __version__
from lpr_engine.model.errors import LprError

_FAILED = 1
_INTERRUPTED = 130

_COMMANDS = (
    "demo",
    "run",
    "read",
    "configuration",
    "account",
    "key",
    "backup",
    "models",
    "evaluate",
    "synth",
    "train",
    "bench",
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    _settle_in()
    try:
        options = parser().parse_args(arguments)
        code = int(options.run(options))
        # What is still buffered may meet a full disk or a closed pipe: better here than at exit.
        sys.stdout.flush()
    except LprError as error:
        sys.stderr.write(f"lpr-engine: {error} [{error.code}]\n")
        return _FAILED
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has seen enough.
        _write_no_more()
        return 128 + signal.SIGPIPE
    except OSError as error:
        _write_no_more()
        sys.stderr.write(f"lpr-engine: {error.filename or 'output'}: {error.strerror or error}\n")
        return _FAILED
    return code


def parser() -> argparse.ArgumentParser:
    """Every command with its options."""
    top = argparse.ArgumentParser(
        prog="lpr-engine",
        description="License-plate recognition: cameras go in, plate passages come out.",
    )
    top.add_argument("--version", action="version", version=f"lpr-engine {__version__}")
    commands = top.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name in _COMMANDS:
        # Imported here, since that takes a second in which Ctrl-C may come too.
        importlib.import_module(f"lpr_engine.cli.{name}").add_to(commands)
    return top


def _settle_in() -> None:
    """Make do with what a bare container or an old terminal offers."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A sign that the terminal's encoding lacks is escaped, as JSON would do it too.
            stream.reconfigure(errors="backslashreplace")
    try:
        Path.home()
    except RuntimeError:
        # A user without a name, as containers have: libraries look for a home when they load.
        os.environ["HOME"] = tempfile.gettempdir()


def _write_no_more() -> None:
    """Send what is still buffered nowhere; Python would complain about it at exit."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


if __name__ == "__main__":
    sys.exit(main())
