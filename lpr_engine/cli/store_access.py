"""The store of an engine that does not run, for commands that mend who may enter."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lpr_engine.cli.run import ADD_ON_OPTIONS, configuration_file
from lpr_engine.config.loading import load_configuration
from lpr_engine.config.sections import StorageSection
from lpr_engine.model.audit import AuditEntry
from lpr_engine.model.clock import SystemClock
from lpr_engine.model.errors import StoreError
from lpr_engine.store.access import AccessStore
from lpr_engine.store.store import PassageStore

_ACTOR = "command line"


def add_store_options(command: argparse.ArgumentParser) -> None:
    """How to say which engine's store is meant."""
    which = command.add_mutually_exclusive_group()
    which.add_argument(
        "--config", type=Path, metavar="FILE",
        help=f"the engine's configuration (default: {ADD_ON_OPTIONS})",
    )  # fmt: skip
    which.add_argument("--store", type=Path, metavar="DIR", help="the engine's storage folder")


@contextmanager
def open_access(options: argparse.Namespace) -> Iterator[AccessStore]:
    """Who may enter the engine that is meant; it must not run meanwhile.

    Raises:
        StoreError: there is no such store, or an engine uses it.
        ConfigError: the configuration cannot be used.
    """
    storage = _storage(options)
    if not storage.directory.is_dir():
        raise StoreError(f"{storage.directory}: there is no such folder; run the engine once")
    with PassageStore(storage) as store:
        yield store.access


def note(access: AccessStore, action: str, subject: str, detail: str | None = None) -> None:
    """Write down what the command line did.

    Raises:
        StoreError: the store refused it.
    """
    now = SystemClock().now()
    access.audit.note(AuditEntry(now, action, True, _ACTOR, subject=subject, detail=detail))


def _storage(options: argparse.Namespace) -> StorageSection:
    if options.store is not None:
        return StorageSection(directory=options.store)
    return load_configuration(configuration_file(options.config), os.environ).storage
