"""`lpr-engine read PATH...`: pictures, folders or clips in, plates out."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import cv2
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from lpr_engine.app.reading import ClipPassage, PlateReading
from lpr_engine.cli import read_output
from lpr_engine.config.sections import ModelsSection
from lpr_engine.model.errors import LprError, PictureError, SourceError
from lpr_engine.sources.address import PICTURE_SUFFIXES
from lpr_engine.sources.picture import picture_files

_QUIET_FILES = 3


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
    if options.save_annotated is not None:
        options.save_annotated.mkdir(parents=True, exist_ok=True)
    reading = PlateReading(ModelsSection(confidence=options.confidence), tuple(options.country))
    # A bar among the results would only get in their way: it needs a terminal of its own.
    shows_bar = sys.stderr.isatty() and not sys.stdout.isatty() and len(paths) > _QUIET_FILES
    out = Console(highlight=False, soft_wrap=True, emoji=False, markup=False)
    failed = 0
    with _progress(shows_bar) as progress:
        task = progress.add_task("reading", total=len(paths))
        for path in paths:
            try:
                _read_one(reading, path, options, out)
            except (PictureError, SourceError) as error:
                failed += 1
                sys.stderr.write(f"lpr-engine: {error} [{error.code}]\n")
            progress.advance(task)
    return 1 if failed else 0


def _read_one(reading: PlateReading, path: Path, options: argparse.Namespace, out: Console) -> None:
    if path.suffix.lower() in PICTURE_SUFFIXES:
        found = reading.picture(path)
        if options.json:
            read_output.write_json(read_output.picture_to_json(found))
        else:
            read_output.print_picture(out, found)
        _save(options.save_annotated, read_output.annotated_picture(found), path.stem)
        return
    for number, passage in enumerate(_passages(reading, path), start=1):
        if options.json:
            read_output.write_json(read_output.passage_to_json(passage))
        else:
            read_output.print_passage(out, passage)
        _save(
            options.save_annotated, read_output.annotated_passage(passage), f"{path.stem}-{number}"
        )


def _passages(reading: PlateReading, path: Path) -> Iterator[ClipPassage]:
    with _progress(sys.stderr.isatty() and not sys.stdout.isatty()) as progress:
        task = progress.add_task(path.name, total=None)
        yield from reading.clip(path, lambda _frame: progress.advance(task))


def _save(folder: Path | None, pixels: Any, stem: str) -> None:
    if folder is None:
        return
    target = folder / f"{stem}.jpg"
    done, jpeg = cv2.imencode(".jpg", pixels)
    if not done:
        raise PictureError(f"{target}: cannot be encoded")
    target.write_bytes(jpeg.tobytes())


def _progress(shown: bool) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
        disable=not shown,
    )


def _expanded(paths: Sequence[Path]) -> list[Path]:
    files: list[Path] = []
    for path in paths:
        if not path.exists():
            raise NoInputError(f"there is no {path}")
        files += picture_files(path) if path.is_dir() else [path]
    if not files:
        raise NoInputError(f"no picture in {', '.join(map(str, paths))}")
    return files


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
