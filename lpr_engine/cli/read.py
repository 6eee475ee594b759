"""`lpr-engine read PATH...`: pictures, folders or clips in, plates out."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from lpr_engine.app.reading import PlateReading
from lpr_engine.cli import read_output
from lpr_engine.cli.album import Album
from lpr_engine.cli.printing import Terminal
from lpr_engine.config.sections import ModelsSection
from lpr_engine.model.errors import LprError, PictureError, SourceError
from lpr_engine.sources.address import PICTURE_SUFFIXES
from lpr_engine.sources.picture import picture_files

_QUIET_FILES = 3


_CLIP_SUFFIXES = frozenset(
    {".avi", ".m4v", ".mjpeg", ".mjpg", ".mkv", ".mov", ".mp4", ".mpg", ".mpeg", ".ts", ".webm"}
)
"""Which files of a folder are clips; one that is named by itself may be called anything."""


class NoInputError(LprError):
    """Nothing to read was named."""

    code = "no_input"


def add_to(commands: Any) -> None:
    """Register the command."""
    command = commands.add_parser("read", help="read plates from pictures, folders or clips")
    command.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    command.add_argument("--json", action="store_true", help="one JSON object per line")
    command.add_argument(
        "--country", action="append", default=[], metavar="XX", type=_country,
        help="expect plates of this country (ISO 3166, such as DE); may be given more than once",
    )  # fmt: skip
    command.add_argument(
        "--save-annotated", type=Path, metavar="DIR", help="keep pictures with the boxes drawn in"
    )
    command.add_argument("--confidence", type=_fraction, default=ModelsSection().confidence)
    command.set_defaults(run=read)


def read(options: argparse.Namespace) -> int:
    """Read everything named; 1 when a file could not be read."""
    paths = _expanded(options.paths)
    album = None if options.save_annotated is None else Album(options.save_annotated, paths)
    reading = PlateReading(ModelsSection(confidence=options.confidence), tuple(options.country))
    out = Terminal()
    failed = 0
    is_long = len(paths) > _QUIET_FILES or not all(map(_is_picture, paths))
    with _progress(out, is_long) as progress:
        task = progress.add_task("reading", total=len(paths))

        def note(what: str) -> None:
            progress.update(task, description=what)

        for path in paths:
            try:
                _read_one(reading, path, options, out, album, note)
            except (PictureError, SourceError) as error:
                failed += 1
                sys.stderr.write(f"lpr-engine: {error} [{error.code}]\n")
            progress.advance(task)
    return 1 if failed else 0


def _read_one(
    reading: PlateReading,
    path: Path,
    options: argparse.Namespace,
    out: Console,
    album: Album | None,
    note: Callable[[str], None],
) -> None:
    note(path.name)
    if _is_picture(path):
        found = reading.picture(path)
        if options.json:
            read_output.write_json(read_output.picture_to_json(found))
        else:
            read_output.print_picture(out, found)
        if album is not None:
            album.keep(read_output.annotated_picture(found), path.stem)
        return
    passages = reading.clip(path, lambda frame: note(f"{path.name}, frame {frame.number}"))
    for number, passage in enumerate(passages, start=1):
        if options.json:
            read_output.write_json(read_output.passage_to_json(passage))
        else:
            read_output.print_passage(out, passage)
        if album is not None:
            album.keep(read_output.annotated_passage(passage), f"{path.stem}-{number}")


def _progress(out: Console, is_long: bool) -> Progress:
    """A bar below the results where both go to a terminal, alone where only errors do."""
    console = out if sys.stdout.isatty() else Console(stderr=True)
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not (is_long and console.is_terminal),
    )


def _expanded(paths: Sequence[Path]) -> list[Path]:
    files: list[Path] = []
    for path in paths:
        files += _files_of(path)
    if not files:
        raise NoInputError(f"no picture or clip in {', '.join(map(str, paths))}")
    return files


def _files_of(path: Path) -> list[Path]:
    try:
        if not path.exists():
            raise NoInputError(f"there is no {path}")
        if not path.is_dir():
            return [path]
        clips = [one for one in path.iterdir() if _is_clip(one)]
    except OSError as err:
        raise NoInputError(f"{path}: {err.strerror or err}") from err
    return picture_files(path) + sorted(clips)


def _is_picture(path: Path) -> bool:
    return path.suffix.lower() in PICTURE_SUFFIXES


def _is_clip(path: Path) -> bool:
    hidden = path.name.startswith(".")
    return not hidden and path.suffix.lower() in _CLIP_SUFFIXES and path.is_file()


def _country(text: str) -> str:
    if len(text) not in {2, 5} or not text.replace("-", "").isalpha():
        raise argparse.ArgumentTypeError(f"{text!r} is no ISO 3166 code such as DE or US-CA")
    return text.upper()


def _fraction(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 0 to 1")
    return value
