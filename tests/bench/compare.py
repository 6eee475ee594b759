"""The engine beside fast-alpr on the same pictures: `python -m tests.bench.compare`.

Every picture is looked at by one contender right after the other, in an order that changes, so
that whatever else the machine does hits all alike; what counts are medians, and ratios pair by
pair. This is no test and is never run by one; docs/benchmark.md says how to set it up.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import cv2
import onnxruntime
from rich.console import Console
from rich.progress import track
from rich.table import Table

from lpr_engine.app.sample import SAMPLE_CLIP
from lpr_engine.model.pixels import Pixels
from lpr_engine.vision.runtime import physical_cores
from tests.bench.contenders import (
    Contender,
    EngineContender,
    FastAlprContender,
    ResizedEngineContender,
    Took,
)
from tests.bench.rival_models import build_detector, build_reader

ENGINE, RIVAL = "engine, 544 (default)", "fast-alpr, 384 (default)"
ENGINE_SMALL, RIVAL_LARGE = "engine, 384", "fast-alpr, 640"
PAIRS = ((ENGINE, RIVAL), (ENGINE_SMALL, RIVAL), (ENGINE, RIVAL_LARGE))

_PAUSE_S = 0.15
"""Threads of ONNX Runtime by default spin for tens of milliseconds after a run: they are let out,
so that they neither disturb the next contender nor count as its processor time."""

_WARM_UP_LOOKS = 3
_CALIBRATION_PICTURES = 8


def main() -> None:
    """Measure, print, and write the figures as JSON."""
    options = _options()
    console = Console(highlight=False, width=120)
    rng = random.Random(1)
    with tempfile.TemporaryDirectory(prefix="lpr-compare-") as scratch:
        folder = options.models or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        contenders, pictures = _contenders(folder, options)
        looks = _measure(contenders, pictures, options.rounds, rng)
    plates = sum(took.plates for took in looks[ENGINE]) / len(looks[ENGINE])
    console.print(
        f"{len(pictures)} pictures of 1280x720 with {plates:.2f} plates on average, "
        f"{options.rounds} rounds, {options.threads} threads, "
        f"ONNX Runtime {onnxruntime.__version__}"
    )
    console.print(_times(looks))
    console.print(_ratios(looks))
    if options.json is not None:
        figures = {name: [vars(took) for took in taken] for name, taken in looks.items()}
        options.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--pictures", type=int, default=24)
    parser.add_argument("--threads", type=int, default=physical_cores())
    parser.add_argument(
        "--models", type=Path, metavar="DIR", help="keep the rebuilt networks there for other runs"
    )
    parser.add_argument(
        "--same-settings", action="store_true",
        help="let fast-alpr's threads sleep between runs as the engine's do",
    )  # fmt: skip
    parser.add_argument("--json", type=Path, metavar="FILE", help="every single measurement")
    return parser.parse_args()


def _contenders(folder: Path, options: argparse.Namespace) -> tuple[list[Contender], list[Pixels]]:
    threads = options.threads
    ours = EngineContender(ENGINE, threads)
    pictures = _pictures(ours, options.pictures)
    found = {id(picture): ours.detections(picture) for picture in pictures}
    step = max(1, len(pictures) // _CALIBRATION_PICTURES)
    reader = build_reader(folder)
    rivals = [
        FastAlprContender(
            name,
            threads,
            build_detector(folder, size, pictures[::step]),
            reader,
            found,
            sleeps=options.same_settings,
        )
        for name, size in ((RIVAL, 384), (RIVAL_LARGE, 640))
    ]
    return [ours, ResizedEngineContender(ENGINE_SMALL, threads, 384, found), *rivals], pictures


def _pictures(engine: EngineContender, wanted: int) -> list[Pixels]:
    """Frames of the bundled clip with at least one plate, spread evenly over it."""
    clip, frames = cv2.VideoCapture(str(SAMPLE_CLIP)), []
    while True:
        found, frame = clip.read()
        if not found:
            break
        frames.append(frame)
    clip.release()
    showing = [frame for frame in frames if engine.detections(frame)]
    step = max(1.0, len(showing) / wanted)
    return [showing[int(number * step)] for number in range(min(wanted, len(showing)))]


def _measure(
    contenders: Sequence[Contender], pictures: Sequence[Pixels], rounds: int, rng: random.Random
) -> dict[str, list[Took]]:
    """Every contender's looks, in the same order of pictures for all."""
    for contender in contenders:
        for picture in pictures[:_WARM_UP_LOOKS]:
            contender.look(picture)
    looks: dict[str, list[Took]] = {contender.name: [] for contender in contenders}
    for _ in track(range(rounds), "measuring", transient=True):
        for picture in pictures:
            for contender in rng.sample(contenders, len(contenders)):
                began_s = time.process_time()
                took = contender.look(picture)
                time.sleep(_PAUSE_S)
                cpu_ms = 1000 * (time.process_time() - began_s)
                looks[contender.name].append(replace(took, cpu_ms=cpu_ms))
    return looks


def _times(looks: dict[str, list[Took]]) -> Table:
    table = Table(
        "median ms", "whole", "p95", "detect", "read", "processor time", box=None,
        title="\none picture of 1280x720",
    )  # fmt: skip
    for name, taken in looks.items():
        whole = [took.total_ms for took in taken]
        figures = (
            statistics.median(whole),
            statistics.quantiles(whole, n=20)[-1],
            statistics.median(took.detect_ms for took in taken),
            statistics.median(took.read_ms for took in taken),
            statistics.median(took.cpu_ms for took in taken),
        )
        table.add_row(name, *(f"{figure:.1f}" for figure in figures))
    return table


def _ratios(looks: dict[str, list[Took]]) -> Table:
    table = Table(
        "pair by pair", "median", "quartiles", box=None,
        title="\nhow many times as long the second takes",
    )  # fmt: skip
    for first, second in PAIRS:
        pairs = zip(looks[first], looks[second], strict=True)
        ratios = [other.total_ms / own.total_ms for own, other in pairs]
        low, middle, high = statistics.quantiles(ratios, n=4)
        table.add_row(f"{first} : {second}", f"{middle:.2f}", f"{low:.2f} .. {high:.2f}")
    return table


if __name__ == "__main__":
    main()
