"""`lpr-engine models list|download|verify`: which models there are, and whether they are whole."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TransferSpeedColumn
from rich.table import Table
from rich.text import Text

from lpr_engine.vision.registry import ModelRegistry, ModelState

_COLOURS = {
    ModelState.READY: "green",
    ModelState.NOT_DOWNLOADED: "dim",
    ModelState.MISSING: "red",
    ModelState.CORRUPT: "red",
}
_MB = 1_000_000


def add_to(commands: Any) -> None:
    """Register the command."""
    command = commands.add_parser("models", help="list, download and verify models")
    command.add_argument("--cache", type=Path, default=None, metavar="DIR")
    actions = command.add_subparsers(metavar="ACTION", required=True)
    actions.add_parser("list", help="all known models").set_defaults(run=list_models)
    download = actions.add_parser("download", help="fetch a model of the hub")
    download.add_argument("name")
    download.set_defaults(run=download_model)
    verify = actions.add_parser("verify", help="check files against their checksums")
    verify.add_argument("names", nargs="*", metavar="NAME")
    verify.set_defaults(run=verify_models)


def list_models(options: argparse.Namespace) -> int:
    """A table of every model, its licence and state."""
    table = Table("name", "kind", "state", "MB", "licence", "what it is", box=None)
    for entry, state in ModelRegistry(options.cache).models():
        table.add_row(
            entry.name,
            entry.kind.value,
            Text(state.value, _COLOURS[state]),
            f"{entry.size_bytes / _MB:.1f}",
            entry.licence,
            entry.description,
        )
    Console().print(table)
    return 0


def download_model(options: argparse.Namespace) -> int:
    """Fetch one model, checked against its checksum."""
    registry = ModelRegistry(options.cache)
    kind = registry.entry(options.name).kind
    with Progress(DownloadColumn(), BarColumn(), TransferSpeedColumn()) as bar:
        task = bar.add_task(options.name, total=None)
        registry.download(
            options.name, lambda done, total: bar.update(task, completed=done, total=total)
        )
    paths = registry.paths(options.name, kind)
    Console(highlight=False, soft_wrap=True).print(f"{options.name} is ready: {paths.weights}")
    return 0


def verify_models(options: argparse.Namespace) -> int:
    """Compare files with checksums; 1 when one is missing or corrupt."""
    registry = ModelRegistry(options.cache)
    names = options.names or [entry.name for entry, _ in registry.models()]
    states = {name: registry.verify(name) for name in names}
    console = Console(highlight=False)
    for name, state in states.items():
        console.print(Text(f"{name:<32} ").append(state.value, _COLOURS[state]))
    asked_for = set(options.names)
    bad = {ModelState.MISSING, ModelState.CORRUPT}
    return int(
        any(
            state in bad or (name in asked_for and state is not ModelState.READY)
            for name, state in states.items()
        )
    )
