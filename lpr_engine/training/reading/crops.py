"""Real plate crops with their texts: read from CSV, checked before training, split by name."""

from __future__ import annotations

import csv
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from lpr_engine.model.errors import LprError
from lpr_engine.training.synthetic.bank import stored_picture
from lpr_engine.training.synthetic.formats import ALPHABET

MAX_CHARACTERS = 10
_COLUMNS = ("image_path", "plate_text")
_SHOWN_FAULTS = 20
_WITHOUT_TEXT = "none"
_PROVINCE_SIGNS = range(0x4E00, 0xA000)


class TrainingDataError(LprError):
    """The training data cannot be used; the message names every file and line."""

    code = "training_data_invalid"


@dataclass(frozen=True, slots=True)
class LabelledCrop:
    """One crop's file, its text (A-Z, 0-9), the set it belongs to and the region as written."""

    path: Path
    text: str
    group: str
    region: str = ""


@dataclass(frozen=True, slots=True)
class CropSet:
    """Crops in memory: `images` uint8 RGB (n, 64, 256, 3), `aspects` (n,) of the true crops."""

    images: NDArray[np.uint8]
    aspects: NDArray[np.float32]
    texts: list[str]
    groups: list[str]
    regions: list[str]

    def __len__(self) -> int:
        return len(self.texts)


def read_labels(files: Iterable[Path]) -> list[LabelledCrop]:
    """All crops of these CSV files: `image_path,plate_text[,region,label_quality]`.

    Paths are relative to the CSV. Rows of label quality `none` are left out.
    A Chinese province sign at the start is no part of the text. Any other row with an empty text
    is an error.

    Raises:
        TrainingDataError: a file is missing, has wrong columns, or has unusable rows.
    """
    crops: list[LabelledCrop] = []
    faults: list[str] = []
    for file in files:
        for line, row in _rows(file):
            fault, crop = _checked(file, row)
            if crop is not None:
                crops.append(crop)
            else:
                faults.append(f"{file}:{line}: {fault}")
    if faults:
        more = (
            f"\n... and {len(faults) - _SHOWN_FAULTS} more" if len(faults) > _SHOWN_FAULTS else ""
        )
        raise TrainingDataError(
            "unusable training data:\n" + "\n".join(faults[:_SHOWN_FAULTS]) + more
        )
    return crops


def _rows(file: Path) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        with file.open(newline="", encoding="utf-8") as stream:
            reader = csv.DictReader(stream)
            missing = [c for c in _COLUMNS if c not in (reader.fieldnames or [])]
            if missing:
                raise TrainingDataError(f"{file}:1: missing column {', '.join(missing)}")
            for row in reader:
                if row.get("label_quality") == _WITHOUT_TEXT:
                    continue
                yield reader.line_num, {k: v or "" for k, v in row.items() if isinstance(k, str)}
    except (OSError, UnicodeDecodeError, csv.Error) as err:
        raise TrainingDataError(f"{file}: cannot be read: {err}") from err


def _checked(file: Path, row: dict[str, str]) -> tuple[str, LabelledCrop | None]:
    text = row["plate_text"].strip()
    if text and ord(text[0]) in _PROVINCE_SIGNS:
        text = text[1:]
    path = file.parent / row["image_path"]
    if not text:
        return f"{row['image_path']}: no text", None
    strange = sorted({sign for sign in text if sign not in ALPHABET})
    if strange:
        return (
            f"{row['image_path']}: text {text!r} has {' '.join(strange)}; only A-Z, 0-9 are known",
            None,
        )
    if len(text) > MAX_CHARACTERS:
        return f"{row['image_path']}: text {text!r} is longer than {MAX_CHARACTERS}", None
    if not path.is_file():
        return f"{row['image_path']}: no such picture", None
    region = row.get("region", "").strip()
    return "", LabelledCrop(path, text, region or path.parent.name, region)


def load_crops(crops: list[LabelledCrop]) -> CropSet:
    """Read the pictures into memory.

    Raises:
        TrainingDataError: pictures that cannot be decoded, by name.
    """
    pictures = [cv2.imread(str(crop.path), cv2.IMREAD_COLOR_RGB) for crop in crops]
    broken = [
        str(crop.path) for crop, picture in zip(crops, pictures, strict=True) if picture is None
    ]
    if broken:
        raise TrainingDataError(
            "pictures that cannot be decoded:\n" + "\n".join(broken[:_SHOWN_FAULTS])
        )
    whole = [np.asarray(p, np.uint8) for p in pictures if p is not None]
    images = (
        np.stack([stored_picture(p) for p in whole])
        if whole
        else np.zeros((0, 64, 256, 3), np.uint8)
    )
    aspects = np.array([p.shape[1] / p.shape[0] for p in whole], np.float32)
    return CropSet(
        images,
        aspects,
        [c.text for c in crops],
        [c.group for c in crops],
        [c.region for c in crops],
    )


def split(
    crops: list[LabelledCrop], held_out_percent: int = 10
) -> tuple[list[LabelledCrop], list[LabelledCrop]]:
    """Crops to learn from and crops to judge by; a file's name alone decides, for good."""
    judged = [c for c in crops if _bucket(c.path.name) < held_out_percent]
    learnt = [c for c in crops if _bucket(c.path.name) >= held_out_percent]
    return learnt, judged


def _bucket(name: str) -> int:
    return zlib.crc32(name.encode()) % 100


def surroundings(
    folders: Iterable[Path], count: int, size: tuple[int, int], seed: int
) -> NDArray[np.uint8]:
    """Random pieces of street pictures that stand around plates, uint8 RGB (count, *size, 3)."""
    files = [
        p
        for folder in folders
        for p in sorted(folder.rglob("*"))
        if p.suffix.lower() in {".jpg", ".png"}
    ]
    generator = np.random.default_rng(seed)
    pieces: list[NDArray[np.uint8]] = []
    each = max(1, -(-count // max(1, min(len(files), 400))))
    for index in generator.permutation(len(files))[:400]:
        picture = cv2.imread(str(files[int(index)]), cv2.IMREAD_COLOR_RGB)
        if picture is not None:
            pieces += [_piece(np.asarray(picture, np.uint8), size, generator) for _ in range(each)]
        if len(pieces) >= count:
            break
    return np.stack(pieces[:count]) if pieces else np.zeros((0, *size, 3), np.uint8)


def _piece(
    picture: NDArray[np.uint8], size: tuple[int, int], generator: np.random.Generator
) -> NDArray[np.uint8]:
    rows, columns = picture.shape[:2]
    high = int(min(rows, generator.uniform(24, 160)))
    wide = int(min(columns, high * generator.uniform(1.5, 4.5)))
    top = int(generator.integers(0, rows - high + 1))
    left = int(generator.integers(0, columns - wide + 1))
    piece = picture[top : top + high, left : left + wide]
    return np.asarray(cv2.resize(piece, (size[1], size[0]), interpolation=cv2.INTER_AREA), np.uint8)
