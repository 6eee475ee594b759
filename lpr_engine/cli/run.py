"""`lpr-engine run [--config FILE]`: the engine, until it is told to stop."""

from __future__ import annotations

import argparse
import logging
import os
from pathlib import Path
from typing import Any

from lpr_engine.api.request_id import RequestIdFilter
from lpr_engine.app.engine import Engine
from lpr_engine.cli.live_line import LiveLine
from lpr_engine.cli.printing import PrintedLog, Terminal
from lpr_engine.cli.stopping import StopRequest
from lpr_engine.config.desk import ConfigurationSource
from lpr_engine.config.entries import filled_by_secrets
from lpr_engine.config.loading import load
from lpr_engine.config.sections import Configuration
from lpr_engine.model.errors import LprError
from lpr_engine.store.backup.restoring import restore_if_ordered

_LOGGER = logging.getLogger(__name__)

ADD_ON_OPTIONS = Path("/data/options.json")
_FORMAT = "%(asctime)s %(levelname)-7s %(name)s: %(message)s%(request)s"
_LEVELS = {
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "warning": logging.WARNING,
    "error": logging.ERROR,
}


class NoConfigurationError(LprError):
    """The engine is to run, but nobody said how."""

    code = "no_configuration"


def add_to(commands: Any) -> None:
    """Register the command."""
    command = commands.add_parser("run", help="run the engine with a configuration")
    command.add_argument(
        "--config", type=Path, metavar="FILE",
        help=f"YAML, or the add-on's options (default: {ADD_ON_OPTIONS})",
    )  # fmt: skip
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Run until SIGTERM or Ctrl-C."""
    file = configuration_file(options.config)
    configuration, source = configured_by(file)
    log_to_stderr(_LEVELS.get(configuration.engine.log_level, logging.INFO))
    with StopRequest() as told:
        live = LiveLine(Terminal())
        engine = Engine(configuration, [live], source=source)
        engine.start()
        try:
            told.wait()
        finally:
            engine.stop()
            live.drain()
    return 0


def configured_by(file: Path) -> tuple[Configuration, ConfigurationSource]:
    """What a file says, after a backup that is laid ready has taken its place.

    Raises:
        ConfigurationRefusedError: the file has mistakes.
        StoreError: the backup cannot be put back; the next start tries again.
    """
    loaded = load(file, os.environ)
    restored = restore_if_ordered(loaded.checked().storage.directory)
    if restored is not None:
        _LOGGER.warning("%s", restored)
        loaded = load(file, os.environ)
    configuration = loaded.checked()
    hidden = filled_by_secrets(loaded.document, configuration)
    is_managed = file == ADD_ON_OPTIONS
    return configuration, ConfigurationSource(file, os.environ, hidden, is_managed)


def log_to_stderr(level: int) -> None:
    """One line a message; libraries only speak up when something is wrong."""
    if not logging.getLogger().handlers:
        handler = PrintedLog()
        handler.addFilter(RequestIdFilter())
        handler.setFormatter(logging.Formatter(_FORMAT))
        logging.basicConfig(handlers=[handler], level=logging.WARNING)
    logging.getLogger("lpr_engine").setLevel(level)


def configuration_file(named: Path | None) -> Path:
    """The file to go by: the named one, else the add-on's.

    Raises:
        NoConfigurationError: there is neither.
    """
    if named is not None:
        return named
    if not ADD_ON_OPTIONS.exists():
        raise NoConfigurationError(
            "no configuration: name one with --config FILE, or see the engine at work with"
            " `lpr-engine demo`"
        )
    return ADD_ON_OPTIONS
