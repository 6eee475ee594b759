"""Endless batches for the reader: synthetic plates and real crops, each degraded afresh."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import IterableDataset, get_worker_info

from lpr_engine.training.reading.crops import CropSet
from lpr_engine.training.reading.network import ALPHABET, INPUT_SIZE, PAD, SLOTS
from lpr_engine.training.reading.regions import UNKNOWN, RegionList
from lpr_engine.training.synthetic.bank import Bank
from lpr_engine.training.synthetic.degradation import Severity, degrade

REAL_SEVERITY = Severity(
    turn_degrees=3.0,
    shear=0.08,
    corner=0.02,
    margin=(-0.04, 0.14),
    smallest_px=15.0,
    photometric=0.7,
)
NO_REGIONS = RegionList(())
_Sample: TypeAlias = tuple[NDArray[np.uint8], list[int], NDArray[np.float32], int]
_INDEX = {sign: place for place, sign in enumerate(ALPHABET)}


@dataclass(frozen=True, slots=True)
class Batch:
    """Pictures uint8 (n, 48, 160, 3), labels int64 (n, slots), centres float32 (n, slots, 2).

    A centre is NaN where no character is, or where its place is not known. `regions` int64 (n,)
    are labels of the run's `RegionList`, -1 unknown.
    """

    pictures: Tensor
    labels: Tensor
    centres: Tensor
    regions: Tensor


def encode(text: str) -> list[int]:
    """Alphabet places of a text, padded to the slots."""
    return [_INDEX[sign] for sign in text.ljust(SLOTS, PAD)]


def drawn_regions(bank: Bank) -> list[str]:
    """The region of every plate of a bank, empty where plates were stored without."""
    return list(getattr(bank, "regions", None) or [""] * len(bank))


def drawn_labels(bank: Bank, regions: RegionList) -> list[int]:
    """The region label of every plate of a bank."""
    return [regions.drawn(name) if name else UNKNOWN for name in drawn_regions(bank)]


class Feed(IterableDataset[Batch]):  # type: ignore[misc, unused-ignore]  # Any without torch
    """Mixes both sources; `group_weights` says how often each group of real crops is drawn."""

    def __init__(
        self,
        bank: Bank | None,
        real: CropSet | None,
        around: NDArray[np.uint8],
        *,
        batch_size: int,
        real_share: float,
        group_weights: dict[str, float],
        seed: int,
        regions: RegionList = NO_REGIONS,
        first: int = 0,
        curriculum: int = 0,
    ) -> None:
        self._bank, self._real, self._around = bank, real, around
        self._first, self._curriculum = first, curriculum
        self._drawn_regions = drawn_labels(bank, regions) if bank is not None else []
        self._real_regions = [regions.written(name) for name in real.regions] if real else []
        self._batch_size, self._real_share, self._seed = batch_size, real_share, seed
        self._weights = (
            _crop_weights(real, group_weights) if real is not None and len(real) else None
        )
        self._real_count = int(batch_size * real_share) if self._weights is not None else 0

    def __iter__(self) -> Iterator[Batch]:
        cv2.setNumThreads(1)
        worker = get_worker_info()
        place, workers = (worker.id, worker.num_workers) if worker is not None else (0, 1)
        # Each batch has its own seed: workers do not repeat each other, nor a resumed run itself.
        for index in itertools.count(self._first + place, workers):
            yield self._batch(np.random.default_rng((self._seed, index)), self._severity(index))

    def _severity(self, index: int) -> Severity:
        if index >= self._curriculum:
            return Severity()
        return Severity.of((index + 1) / self._curriculum, INPUT_SIZE[0])

    def _batch(self, generator: np.random.Generator, severity: Severity) -> Batch:
        count = self._batch_size if self._bank is None else self._real_count
        parts = [self._real_sample(int(i), generator) for i in self._drawn(count, generator)]
        if self._bank is not None:
            chosen = generator.integers(0, len(self._bank), self._batch_size - count)
            parts += [
                self._synthetic_sample(self._bank, int(i), generator, severity) for i in chosen
            ]
        pictures, labels, centres, regions = zip(*parts, strict=True)
        return Batch(
            torch.from_numpy(np.stack(pictures)),
            torch.tensor(labels, dtype=torch.int64),
            torch.from_numpy(np.stack(centres)),
            torch.tensor(regions, dtype=torch.int64),
        )

    def _drawn(self, count: int, generator: np.random.Generator) -> NDArray[np.int64]:
        if self._weights is None:
            return np.zeros(0, np.int64)
        places = np.searchsorted(self._weights, generator.random(count))
        # The last sum may fall short of 1 by a rounding.
        return np.minimum(places, len(self._weights) - 1).astype(np.int64)

    def _context(self, generator: np.random.Generator, chance: float) -> NDArray[np.uint8] | None:
        if not len(self._around) or generator.random() > chance:
            return None
        return np.asarray(self._around[int(generator.integers(len(self._around)))], np.uint8)

    def _synthetic_sample(
        self, bank: Bank, index: int, generator: np.random.Generator, severity: Severity
    ) -> _Sample:
        text, centres = bank.texts[index], np.full((SLOTS, 2), np.nan, np.float32)
        known = bank.centres[index][: len(text)]
        context = self._context(generator, 0.95)
        crop = degrade(
            bank.images[index],
            float(bank.aspects[index]),
            known,
            context,
            INPUT_SIZE,
            generator,
            severity,
        )
        centres[: len(text)] = crop.centres
        return crop.image, encode(text), centres, self._drawn_regions[index]

    def _real_sample(self, index: int, generator: np.random.Generator) -> _Sample:
        real = self._real
        assert real is not None  # noqa: S101 - drawn only where there are real crops
        context = self._context(generator, 0.6)
        nowhere = np.zeros((1, 2), np.float32)
        crop = degrade(
            real.images[index],
            float(real.aspects[index]),
            nowhere,
            context,
            INPUT_SIZE,
            generator,
            REAL_SEVERITY,
        )
        centres = np.full((SLOTS, 2), np.nan, np.float32)
        return crop.image, encode(real.texts[index]), centres, self._real_regions[index]


def _crop_weights(real: CropSet, group_weights: dict[str, float]) -> NDArray[np.float64]:
    """Cumulative chance of each crop: a group's weight shared by its crops."""
    sizes = {group: real.groups.count(group) for group in set(real.groups)}
    each = np.array([group_weights.get(g, 1.0) / sizes[g] for g in real.groups])
    return np.cumsum(each / each.sum())
