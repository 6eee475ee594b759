"""What a course learns from and is judged by, checked and in memory before it begins."""

from __future__ import annotations

import zipfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lpr_engine.training.reading.crops import (
    CropSet,
    TrainingDataError,
    load_crops,
    read_labels,
    split,
)
from lpr_engine.training.reading.drawn import drawn_to_judge
from lpr_engine.training.reading.errors import ReaderTrainingError
from lpr_engine.training.reading.network import INPUT_SIZE
from lpr_engine.training.reading.options import Drawing, Notes, ReaderOptions
from lpr_engine.training.reading.surroundings import surroundings
from lpr_engine.training.synthetic.bank import Bank, fill_bank, open_bank

_PIECES = 2_000
_DRAWN_AT_ONCE = 500


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """Crops to learn from, crops held out, drawn plates, and what stands around plates.

    `drawn` are plates to judge by, which stand in no bank.
    """

    learnt: CropSet
    judged: CropSet
    bank: Bank | None
    drawn: CropSet
    around: NDArray[np.uint8]


def read_crops(options: ReaderOptions) -> tuple[CropSet, CropSet]:
    """The crops to learn from and those held out.

    Raises:
        TrainingDataError: crops are unusable, or there is nothing to learn from.
    """
    learnt, judged = split(read_labels(options.labels, skip_bad=options.skip_bad))
    sets = (
        load_crops(learnt, skip_bad=options.skip_bad),
        load_crops(judged, skip_bad=options.skip_bad),
    )
    only_real = options.plates == 0 and options.bank is None
    if not len(sets[0]) and (only_real or options.real_share == 1):
        names = ", ".join(map(str, options.labels))
        raise TrainingDataError(f"{names}: no crop to learn from, and no plates are to be drawn")
    return sets


def add_drawn(
    options: ReaderOptions, crops: tuple[CropSet, CropSet], bank: Path, notes: Notes
) -> Material:
    """Draw what is missing of the plates, and gather all that the course needs.

    Raises:
        ReaderTrainingError: the drawn plates cannot be written or read.
    """
    around = surroundings(options.around, _PIECES, INPUT_SIZE, options.seed)
    plates = _bank(options, bank, notes)
    drawn = drawn_to_judge(len(plates) if plates is not None else 0, options.seed)
    return Material(*crops, plates, drawn, around)


def counted(groups: Iterable[str]) -> dict[str, int]:
    """How many there are of each group, by name."""
    return dict(sorted(Counter(groups).items()))


def _bank(options: ReaderOptions, folder: Path, notes: Notes) -> Bank | None:
    wanted = options.plates if options.real_share < 1 else 0
    try:
        there = len(list(folder.glob("plates-*.npz"))) * _DRAWN_AT_ONCE
        for count in range(min(there, wanted), wanted, _DRAWN_AT_ONCE):
            notes(Drawing(count, wanted))
            fill_bank(folder, min(count + _DRAWN_AT_ONCE, wanted), options.seed)
        if there < wanted:
            notes(Drawing(wanted, wanted))
        if not any(folder.glob("plates-*.npz")):
            return None
    except OSError as err:
        raise ReaderTrainingError(
            f"{folder}: drawn plates cannot be stored: {err.strerror or err}"
        ) from err
    try:
        return open_bank(folder)
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as err:
        raise ReaderTrainingError(
            f"{folder}: drawn plates are damaged ({err}); delete the folder to draw them anew"
        ) from err
