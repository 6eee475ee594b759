"""Real plate crops with their texts: read from CSV, checked before training, split by text."""

from __future__ import annotations

import csv
import hashlib
import logging
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from lpr_engine.model.errors import LprError
from lpr_engine.training.synthetic.bank import STORED_SIZE, stored_picture
from lpr_engine.training.synthetic.formats import ALPHABET

MAX_CHARACTERS = 10
MOST_CROPS = 200_000
LEAST_HEIGHT_PX = 8
_LOGGER = logging.getLogger(__name__)
_COLUMNS = ("image_path", "plate_text")
_SHOWN_FAULTS = 20
_WITHOUT_TEXT = "none"
_PROVINCE_SIGNS = range(0x4E00, 0xA000)


class TrainingDataError(LprError):
    """The training data cannot be used; the message names every file and line."""

    code = "training_data_invalid"


@dataclass(frozen=True, slots=True)
class LabelledCrop:
    """One crop's file, its text (A-Z, 0-9), the set it belongs to and the region as written.

    `source` names the file and line that it comes from.
    """

    path: Path
    text: str
    group: str
    region: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class CropSet:
    """Crops in memory: `images` uint8 RGB (n, 64, 256, 3), `aspects` (n,) of the true crops.

    `files` are where they come from; none of drawn plates.
    """

    images: NDArray[np.uint8]
    aspects: NDArray[np.float32]
    texts: list[str]
    groups: list[str]
    regions: list[str]
    files: list[LabelledCrop] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.texts)


def read_labels(files: Iterable[Path], *, skip_bad: bool = False) -> list[LabelledCrop]:
    """All crops of these CSV files: `image_path,plate_text[,region,label_quality]`.

    Paths are relative to the CSV. Rows of label quality `none` are left out.
    A Chinese province sign at the start is no part of the text. A picture stands in one row only.
    `skip_bad` leaves unusable rows out, each named in the log.

    Raises:
        TrainingDataError: a file is missing, has wrong columns, or has unusable rows.
    """
    known: dict[Path, LabelledCrop] = {}
    faults: list[str] = []
    for file in files:
        for line, row in _rows(file):
            fault, crop = _checked(file, line, row)
            if crop is not None and crop.path in known:
                fault, crop = _again(crop, known[crop.path]), None
            if crop is None:
                faults.append(f"{file}:{line}: {fault}")
            else:
                known[crop.path] = crop
    _tell(faults, skip_bad=skip_bad)
    if len(known) > MOST_CROPS:
        raise TrainingDataError(
            f"{len(known)} crops: more than {MOST_CROPS} do not fit into memory; use a part"
        )
    return list(known.values())


def _again(crop: LabelledCrop, before: LabelledCrop) -> str:
    if crop.text == before.text:
        return f"{crop.path.name}: stands in {before.source} already"
    return f"{crop.path.name}: is {crop.text!r} here and {before.text!r} in {before.source}"


def _tell(faults: list[str], *, skip_bad: bool) -> None:
    if skip_bad:
        for fault in faults:
            _LOGGER.warning("left out: %s", fault)
    elif faults:
        left = len(faults) - _SHOWN_FAULTS
        more = f"\n... and {left} more" if left > 0 else ""
        raise TrainingDataError(
            "unusable training data:\n" + "\n".join(faults[:_SHOWN_FAULTS]) + more
        )


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


def _checked(file: Path, line: int, row: dict[str, str]) -> tuple[str, LabelledCrop | None]:
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
    return "", LabelledCrop(path, text, region or path.parent.name, region, f"{file}:{line}")


def load_crops(crops: list[LabelledCrop], *, skip_bad: bool = False) -> CropSet:
    """Read the pictures into memory.

    Raises:
        TrainingDataError: pictures cannot be decoded, are too small to read, or are the same as
            another with another text, by file and line.
    """
    kept: list[tuple[LabelledCrop, NDArray[np.uint8], float]] = []
    faults: list[str] = []
    same: dict[bytes, LabelledCrop] = {}
    for crop in crops:
        packed = _content(crop.path)
        first = same.setdefault(hashlib.sha256(packed).digest(), crop)
        fault, picture = _decoded(packed)
        if not fault and first.text != crop.text:
            fault = f"is the same picture as {first.path.name}, which is {first.text!r} there"
            fault += f" ({first.source}) and {crop.text!r} here"
        if fault or picture is None:
            faults.append(f"{crop.source}: {crop.path}: {fault}")
        else:
            kept.append((crop, stored_picture(picture), picture.shape[1] / picture.shape[0]))
    _tell(faults, skip_bad=skip_bad)
    images = [image for _, image, _ in kept]
    return CropSet(
        np.stack(images) if images else np.zeros((0, *STORED_SIZE, 3), np.uint8),
        np.array([aspect for _, _, aspect in kept], np.float32),
        [crop.text for crop, _, _ in kept],
        [crop.group for crop, _, _ in kept],
        [crop.region for crop, _, _ in kept],
        [crop for crop, _, _ in kept],
    )


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as err:
        _LOGGER.warning("%s: %s", path, err.strerror)
        return b""


def _decoded(packed: bytes) -> tuple[str, NDArray[np.uint8] | None]:
    raw = np.frombuffer(packed, np.uint8)
    picture = cv2.imdecode(raw, cv2.IMREAD_COLOR_RGB) if len(raw) else None
    if picture is None:
        return "cannot be decoded", None
    if picture.shape[0] < LEAST_HEIGHT_PX:
        return f"is {picture.shape[0]} px high; nobody reads below {LEAST_HEIGHT_PX}", None
    return "", np.asarray(picture, np.uint8)


def split(
    crops: list[LabelledCrop], held_out_percent: int = 10
) -> tuple[list[LabelledCrop], list[LabelledCrop]]:
    """Crops to learn from and crops to judge by; the text alone decides, for good.

    So a vehicle that was photographed twice stands on one side.
    """
    judged = [c for c in crops if _bucket(c.text) < held_out_percent]
    learnt = [c for c in crops if _bucket(c.text) >= held_out_percent]
    return learnt, judged


def _bucket(text: str) -> int:
    return zlib.crc32(text.encode()) % 100
