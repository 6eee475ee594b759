"""What a reader costs as it is, with halved weights and in eight bits.

`python -m lpr_engine.training.reading.cost --weights reader.onnx --labels labels.csv --out folder`
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import onnx
import onnxslim
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from lpr_engine.model.errors import LprError
from lpr_engine.model.observation import Reading
from lpr_engine.training.half_storage import halve_weights
from lpr_engine.training.reading.crops import read_labels, split
from lpr_engine.training.reading.int8 import Labelled, labelled_crops, write_int8
from lpr_engine.vision.reader import FastPlateReader
from lpr_engine.vision.runtime import Runtime

BATCHES = (1, 4, 8)
SURE = 0.95
_WARMING, _ROUNDS = 5, 40
_FOLDED = str.maketrans("OI", "01")


@dataclass(frozen=True, slots=True)
class Cost:
    """One file's size, its time for a crop on one core in batches, and how it reads.

    `crop_ms` is processor time for each of `BATCHES`; `exact`, `folded` (O as 0, I as 1) and
    `sure` (confidence above 0.95) are shares of the crops, `sure_right` is one of the sure.
    """

    size_bytes: int
    opening_ms: float
    crop_ms: tuple[float, ...]
    exact: float
    folded: float
    sure: float
    sure_right: float


def measure(weights: Path, plate_config: Path, crops: Sequence[Labelled]) -> Cost:
    """The cost of one file, preparation of crops included."""
    runtime = Runtime("cpu", threads=1)
    started = time.process_time()
    reader = FastPlateReader(weights, plate_config, runtime)
    opening_ms = 1000 * (time.process_time() - started)
    readings = reader.read([crop for crop, _ in crops])
    texts = [(reading.text, text) for reading, (_, text) in zip(readings, crops, strict=True)]
    sure = [pair for pair, reading in zip(texts, readings, strict=True) if _is_sure(reading)]
    return Cost(
        size_bytes=weights.stat().st_size,
        opening_ms=opening_ms,
        crop_ms=tuple(crop_ms(reader, crops, size) for size in BATCHES),
        exact=_share(texts),
        folded=_share([(read.translate(_FOLDED), text.translate(_FOLDED)) for read, text in texts]),
        sure=len(sure) / max(1, len(texts)),
        sure_right=_share(sure),
    )


def write_half(weights: Path, out: Path) -> None:
    """Write a copy whose weights are stored in half precision."""
    model = onnxslim.slim(onnx.load(weights))
    halve_weights(model)
    del model.graph.value_info[:]  # shapes that every runtime works out by itself
    onnx.checker.check_model(model)
    onnx.save(model, out)


def cost_table(costs: Sequence[tuple[str, Cost]]) -> Table:
    """The costs as a table for a terminal."""
    table = Table(
        title="What the reader costs",
        caption="ms of n: one crop in a batch of n, one core",
        box=SIMPLE,
        padding=0,
    )
    table.add_column("file", no_wrap=True)
    batches = [f"ms of {size}" for size in BATCHES]
    for name in ("MB", "open ms", *batches, "exact %", "O=0 %", "sure %", "right %"):
        table.add_column(name, justify="right", no_wrap=True)
    for name, cost in costs:
        table.add_row(
            name,
            f"{cost.size_bytes / 1e6:.2f}",
            f"{cost.opening_ms:.0f}",
            *(f"{each:.2f}" for each in cost.crop_ms),
            *(
                f"{100 * share:.1f}"
                for share in (cost.exact, cost.folded, cost.sure, cost.sure_right)
            ),
        )
    return table


def main(arguments: Sequence[str] | None = None) -> int:
    """Write both copies and print the table; 1 means that it failed."""
    parser = argparse.ArgumentParser(prog="python -m lpr_engine.training.reading.cost")
    parser.add_argument("--weights", type=Path, required=True, help="reader.onnx")
    parser.add_argument("--plate-config", type=Path, help="reader.yaml; beside the weights if left")
    parser.add_argument("--labels", type=Path, required=True, nargs="+", help="labels.csv of crops")
    parser.add_argument("--out", type=Path, required=True, help="folder for both copies")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    config = options.plate_config or options.weights.with_suffix(".yaml")
    try:
        costs = compare(options.weights, config, options.labels, options.out, options.seed)
    except LprError as err:
        sys.stderr.write(f"{err.code}: {err}\n")
        return 1
    Console().print(cost_table(costs))
    return 0


def compare(
    weights: Path, plate_config: Path, labels: Sequence[Path], out: Path, seed: int = 1
) -> list[tuple[str, Cost]]:
    """The costs of a reader and of its copies, which are written into `out`, on held-out crops.

    Raises:
        TrainingDataError: labels or crops are unusable.
        QuantizationError: the eight-bit copy reads worse, or cannot be made.
    """
    learnt, judged = split(read_labels(labels))
    out.mkdir(parents=True, exist_ok=True)
    half, int8 = out / "reader-half.onnx", out / "reader-int8.onnx"
    write_half(weights, half)
    write_int8(weights, plate_config, int8, learnt, judged, seed)
    crops = labelled_crops(judged)
    return [(path.stem, measure(path, plate_config, crops)) for path in (weights, half, int8)]


def crop_ms(reader: FastPlateReader, crops: Sequence[Labelled], size: int) -> float:
    """Median time of this thread, which other work on the machine does not lengthen much."""
    batch = [crop for crop, _ in crops[:size]]
    for _ in range(_WARMING):
        reader.read(batch)
    times: list[float] = []
    for _ in range(_ROUNDS):
        started = time.thread_time()
        reader.read(batch)
        times.append(time.thread_time() - started)
    return 1000 * statistics.median(times) / max(1, len(batch))


def _is_sure(reading: Reading) -> bool:
    return reading.confidence > SURE


def _share(pairs: Sequence[tuple[str, str]]) -> float:
    return sum(read == text for read, text in pairs) / max(1, len(pairs))


if __name__ == "__main__":
    sys.exit(main())
