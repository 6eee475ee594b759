"""Plates whose place and text are known: labelled pictures, or crops that show a plate alone."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from lpr_engine.model.errors import PictureError
from lpr_engine.model.geometry import Box
from lpr_engine.model.observation import Crop, Detection
from lpr_engine.sources.picture import read_picture
from lpr_engine.training.evaluation.labels import (
    COLUMNS,
    EvaluationDataError,
    labelled_rows,
    labels_files,
    outside,
    picture_label,
)
from lpr_engine.training.evaluation.spelling import bare
from lpr_engine.vision.cropper import LooseCropper

CROP_COLUMNS = ("image_path", "plate_text")
SHOWN_FAULTS = 20
_WITHOUT_TEXT = "none"
_SEPARATORS = frozenset(" -.·")
_PROVINCE_SIGNS = range(0x4E00, 0xA000)

_Row = Mapping[str | None, str | None]


@dataclass(frozen=True, slots=True)
class TruePlate:
    """One labelled plate; `box` in pixels of its picture, None where the picture is a crop.

    `place` is the label's file and line; `text` is A-Z and 0-9; `region` may be empty.
    """

    place: str
    picture: Path
    box: Box | None
    text: str
    region: str
    group: str


def read_true_plates(folder: Path) -> list[TruePlate]:
    """Every labelled plate of the folder and the folders in it.

    A `labels.csv` with `image,x,y,w,h,plate` labels pictures and is a set of its own. One with
    `image_path,plate_text[,region]` labels crops, each region being a set; rows of
    `label_quality` `none` are left out, and a Chinese province sign at the start is no text.

    Raises:
        EvaluationDataError: a file or row cannot be used; the message names all by file and line.
    """
    files = labels_files(folder)
    plates: list[TruePlate] = []
    faults: list[str] = []
    for file in files:
        prefix = f"{file.parent.name}/" if len(files) > 1 else ""
        for line, row in labelled_rows(file, COLUMNS, CROP_COLUMNS):
            plate = _plate_or_fault(row, file, line, prefix)
            if isinstance(plate, str):
                faults.append(plate)
            elif plate is not None:
                plates.append(plate)
    refuse(faults)
    if not plates:
        raise EvaluationDataError(f"{folder}: no labelled plate in {', '.join(map(str, files))}")
    return plates


def refuse(faults: Sequence[str]) -> None:
    """Complain about what is wrong with the data, if anything is.

    Raises:
        EvaluationDataError: there are faults; the message names the first of them.
    """
    if faults:
        more = len(faults) - SHOWN_FAULTS
        shown = [*faults[:SHOWN_FAULTS], *([f"... and {more} more"] if more > 0 else [])]
        raise EvaluationDataError("unusable labels:\n" + "\n".join(shown))


def crop_of(plate: TruePlate) -> tuple[Crop, Detection]:
    """The plate as the engine would cut it with a perfect box.

    A crop is taken for what the engine's cropper leaves: the plate with its margins.

    Raises:
        EvaluationDataError: no readable picture, or a box outside it; named by file and line.
    """
    try:
        pixels = read_picture(plate.picture)
    except PictureError as err:
        raise EvaluationDataError(f"{plate.place}: {err}") from err
    height, width = pixels.shape[:2]
    cropper = LooseCropper()
    box = plate.box or without_margins(width, height, cropper)
    if fault := outside(box, pixels):
        raise EvaluationDataError(f"{plate.place}: {fault}")
    detection = Detection(box.clipped(width, height), 1.0)
    return cropper.crop(pixels, detection), detection


def without_margins(width: int, height: int, cropper: LooseCropper) -> Box:
    """The box that the cropper, adding its margins, widens to the whole picture."""
    side = width * cropper.margin_x / (1 + 2 * cropper.margin_x)
    top = height * cropper.margin_y / (1 + 2 * cropper.margin_y)
    return Box(side, top, width - side, height - top)


def _plate_or_fault(row: _Row, file: Path, line: int, prefix: str) -> TruePlate | str | None:
    place = f"{file}:{line}"
    try:
        plate = _plate(row, file.parent, prefix)
    except ValueError as err:
        return f"{place}: {err}"
    return replace(plate, place=place) if plate is not None else None


def _plate(row: _Row, folder: Path, prefix: str) -> TruePlate | None:
    """The row's plate, its place still unsaid; None where the row says that there is no text.

    Raises:
        ValueError: a value is missing or makes no sense; the message says which.
    """
    if "image_path" not in row:
        picture, label = picture_label(row, folder)
        return TruePlate("", picture, label.box, _text(label.plate), "", folder.name)
    if row.get("label_quality") == _WITHOUT_TEXT:
        return None
    name = (row["image_path"] or "").strip()
    picture = folder / name
    if not name or not picture.is_file():
        raise ValueError(f"no picture {name!r}")
    region = (row.get("region") or "").strip()
    group = prefix + (region or picture.parent.name)
    return TruePlate("", picture, None, _text(row.get("plate_text") or ""), region, group)


def _text(label: str) -> str:
    """A-Z and 0-9 of a label.

    Raises:
        ValueError: nothing is left, or a sign is none that the reader could answer.
    """
    text = unicodedata.normalize("NFC", label.strip())
    if text and ord(text[0]) in _PROVINCE_SIGNS:
        text = text[1:]
    strange = sorted({sign for sign in text if not bare(sign) and sign not in _SEPARATORS})
    if strange:
        raise ValueError(f"the text {label!r} has {' '.join(strange)}; only A-Z, 0-9 are known")
    if not bare(text):
        raise ValueError(f"the text {label!r} has no letter or digit")
    return bare(text)
