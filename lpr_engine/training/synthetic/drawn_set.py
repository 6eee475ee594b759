"""Drawn plates as files: crops with their texts that training and judging take, or one sheet."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from lpr_engine.model.errors import LprError
from lpr_engine.training.synthetic.bank import MAX_CHARACTERS
from lpr_engine.training.synthetic.degradation import degrade
from lpr_engine.training.synthetic.formats import PlateFormat, plate_formats
from lpr_engine.training.synthetic.plate import Plate, render_plate

CROPS = "crops"
LABELS = "labels.csv"
COLUMNS = ("image_path", "plate_text", "region")
_HEIGHT_PX = 64
_WIDTHS_PX = (48, 320)
_SURROUNDED = 0.95
"""How often something stands around a plate, as in training."""

Progress = Callable[[int, int], None]
"""Called with the plates that are drawn and those that are wanted."""


class DrawnSetError(LprError):
    """Plates cannot be drawn or kept as wanted; the message names what is in the way."""

    code = "drawn_set_failed"


@dataclass(frozen=True, slots=True)
class DrawnCrop:
    """One drawn plate as a reader gets it: uint8 RGB (H, W, 3)."""

    image: NDArray[np.uint8]
    text: str
    region: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """What is drawn; plate number i depends on all of it but `count`, and on i."""

    count: int
    seed: int = 1
    formats: tuple[PlateFormat, ...] | None = None
    clean: bool = False

    def crops(self) -> Iterator[DrawnCrop]:
        """One plate after the other."""
        for number in range(self.count):
            generator = np.random.default_rng((self.seed, number))
            plate = short_plate(generator, self.formats)
            image = plate.image if self.clean else _seen(plate, generator)
            yield DrawnCrop(image, plate.text, plate.region)


def formats_of_countries(countries: Sequence[str]) -> tuple[PlateFormat, ...]:
    """The formats of these regions; a country stands for its parts, an unknown part for it.

    Raises:
        DrawnSetError: there is a region whose plates cannot be drawn.
    """
    chosen: list[PlateFormat] = []
    for code in countries:
        country = code.partition("-")[0]
        found = [one for one in plate_formats() if code in (one.region, _country(one))]
        found = found or [one for one in plate_formats() if one.region == country]
        if not found:
            known = ", ".join(sorted({one.region for one in plate_formats()}))
            raise DrawnSetError(f"no plates of {code!r} can be drawn; there are {known}")
        chosen += [one for one in found if one not in chosen]
    return tuple(chosen)


def write_crops(
    folder: Path, drawing: Drawing, *, overwrite: bool = False, progress: Progress | None = None
) -> Path:
    """Write `crops/REGION/NUMBER.png` and, last of all, `crops/labels.csv`; returns the latter.

    Raises:
        DrawnSetError: the folder is not empty and may not be written over, or cannot be written.
    """
    if not overwrite and folder.is_dir() and any(folder.iterdir()):
        raise DrawnSetError(
            f"{folder}: holds something already; --overwrite replaces what is drawn"
        )
    crops = folder / CROPS
    rows: list[tuple[str, str, str]] = []
    try:
        crops.mkdir(parents=True, exist_ok=True)
        # No labels lie beside pictures of another run, even if this one is cut short.
        (crops / LABELS).unlink(missing_ok=True)
        for number, crop in enumerate(drawing.crops(), start=1):
            name = f"{crop.region}/{number:06}.png"
            (crops / name).parent.mkdir(exist_ok=True)
            (crops / name).write_bytes(_png(crop.image))
            rows.append((name, crop.text, crop.region))
            if progress is not None:
                progress(number, drawing.count)
        return _write_labels(crops / LABELS, rows)
    except OSError as err:
        raise DrawnSetError(f"{err.filename or folder}: {err.strerror or err}") from err


def write_picture(path: Path, image: NDArray[np.uint8], *, overwrite: bool = False) -> None:
    """Write one PNG; `image` is uint8 RGB.

    Raises:
        DrawnSetError: it is there already and may not be written over, or cannot be written.
    """
    if path.exists() and not overwrite:
        raise DrawnSetError(f"{path}: is there already; --overwrite replaces it")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_png(image))
    except OSError as err:
        raise DrawnSetError(f"{path}: {err.strerror or err}") from err


def _write_labels(path: Path, rows: Sequence[tuple[str, str, str]]) -> Path:
    partial = path.with_suffix(".partial")
    with partial.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(COLUMNS)
        table.writerows(rows)
    return partial.replace(path)


def _country(plate_format: PlateFormat) -> str:
    return plate_format.region.partition("-")[0]


def short_plate(
    generator: np.random.Generator, formats: tuple[PlateFormat, ...] | None = None
) -> Plate:
    """A plate with no more characters than a reader has slots."""
    plate = render_plate(generator, formats)
    while not 0 < len(plate.text) <= MAX_CHARACTERS:
        plate = render_plate(generator, formats)
    return plate


def _seen(plate: Plate, generator: np.random.Generator) -> NDArray[np.uint8]:
    """The plate as a street camera's crop, about as wide as it is in truth."""
    width = int(np.clip(round(_HEIGHT_PX * plate.aspect), *_WIDTHS_PX))
    size = (_HEIGHT_PX, width)
    around = _bodywork(size, generator) if generator.random() < _SURROUNDED else None
    return degrade(plate.image, plate.aspect, plate.centres, around, size, generator).image


def _bodywork(size: tuple[int, int], generator: np.random.Generator) -> NDArray[np.uint8]:
    """Soft patches of light around one colour, as a car's body mirrors its surroundings."""
    colour = generator.uniform(15, 235) + generator.normal(0, 14, 3)
    patches = colour + generator.normal(0, 24, (4, 6, 1)) + generator.normal(0, 5, (4, 6, 3))
    small = np.clip(patches, 0, 255).astype(np.uint8)
    return np.asarray(
        cv2.resize(small, (size[1], size[0]), interpolation=cv2.INTER_CUBIC), np.uint8
    )


def _png(image: NDArray[np.uint8]) -> bytes:
    _, packed = cv2.imencode(".png", cv2.cvtColor(image, cv2.COLOR_RGB2BGR))
    return packed.tobytes()
