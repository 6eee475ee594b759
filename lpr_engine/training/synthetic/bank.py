"""Rendered plates on disk, which training reads many times over with fresh degradations."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from lpr_engine.training.synthetic.formats import PlateFormat
from lpr_engine.training.synthetic.plate import Plate, render_plate

STORED_SIZE = (64, 256)
"""Height and width of every stored picture; the true aspect is kept beside it."""
MAX_CHARACTERS = 10
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Bank:
    """Plates: `images` uint8 RGB (n, 64, 256, 3), `centres` float32 (n, 10, 2), NaN unknown."""

    images: NDArray[np.uint8]
    texts: list[str]
    aspects: NDArray[np.float32]
    centres: NDArray[np.float32]
    regions: list[str]
    """ISO 3166 codes, `EU` where none is meant; empty for plates of which it is not known."""

    def __len__(self) -> int:
        return len(self.texts)


def stored_picture(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A picture in the bank's size; small ones are made larger as the engine does it."""
    height, width = STORED_SIZE
    shrinks = image.shape[1] > width
    return np.asarray(
        cv2.resize(
            image, (width, height), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC
        ),
        np.uint8,
    )


def padded_centres(centres: NDArray[np.float32]) -> NDArray[np.float32]:
    """Centres of up to ten characters, NaN behind the last."""
    out = np.full((MAX_CHARACTERS, 2), np.nan, np.float32)
    out[: len(centres)] = centres[:MAX_CHARACTERS]
    return out


def fill_bank(
    folder: Path,
    count: int,
    seed: int,
    formats: tuple[PlateFormat, ...] | None = None,
    workers: int = 1,
) -> None:
    """Render until the folder holds `count` plates; plate number i depends on seed and i alone."""
    folder.mkdir(parents=True, exist_ok=True)
    chunks = range(-(-count // _CHUNK))
    missing = [n for n in chunks if not _chunk_path(folder, n).exists()]
    fill = partial(_fill_chunk, folder, count, seed, formats, _CHUNK)
    if workers == 1 or len(missing) < 2:
        for chunk in missing:
            fill(chunk)
        return
    # Processes of their own: what the caller's threads hold must not be copied half done.
    context = get_context("spawn")
    with ProcessPoolExecutor(min(workers, len(missing)), mp_context=context) as pool:
        for _ in pool.map(fill, missing):
            pass


def _chunk_path(folder: Path, chunk: int) -> Path:
    return folder / f"plates-{chunk:05d}.npz"


def _fill_chunk(
    folder: Path,
    count: int,
    seed: int,
    formats: tuple[PlateFormat, ...] | None,
    chunk_size: int,
    chunk: int,
) -> None:
    first = chunk * chunk_size
    size = min(chunk_size, count - first)
    plates = [_plate(seed, first + index, formats) for index in range(size)]
    _save(_chunk_path(folder, chunk), plates)


def _plate(seed: int, number: int, formats: tuple[PlateFormat, ...] | None) -> Plate:
    generator = np.random.default_rng((seed, number))
    plate = render_plate(generator, formats)
    while len(plate.text) > MAX_CHARACTERS or len(plate.centres) != len(plate.text):
        plate = render_plate(generator, formats)
    return plate


def _save(path: Path, plates: list[Plate]) -> None:
    partial_file = path.with_suffix(".partial")
    with partial_file.open("wb") as file:
        np.savez(
            file,
            images=np.stack([stored_picture(p.image) for p in plates]),
            texts=np.array([p.text for p in plates]),
            aspects=np.array([p.aspect for p in plates], np.float32),
            centres=np.stack([padded_centres(p.centres) for p in plates]),
            regions=np.array([p.region for p in plates]),
        )
    partial_file.rename(path)


def open_bank(folder: Path) -> Bank:
    """All plates rendered so far, in memory."""
    parts = [np.load(path) for path in sorted(folder.glob("plates-*.npz"))]
    return Bank(
        images=np.concatenate([p["images"] for p in parts]),
        texts=[str(t) for p in parts for t in p["texts"]],
        aspects=np.concatenate([p["aspects"] for p in parts]),
        centres=np.concatenate([p["centres"] for p in parts]),
        regions=[region for p in parts for region in _regions(p)],
    )


def _regions(part: Mapping[str, NDArray[Any]]) -> list[str]:
    """Regions of a chunk; chunks of older versions know none."""
    if "regions" in part:
        return [str(region) for region in part["regions"]]
    return [""] * len(part["texts"])


__all__ = [
    "MAX_CHARACTERS",
    "STORED_SIZE",
    "Bank",
    "fill_bank",
    "open_bank",
    "padded_centres",
    "stored_picture",
]
