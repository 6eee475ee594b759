"""Single pictures from disk or memory, decoded with limits."""

from __future__ import annotations

import re
from pathlib import Path

import cv2
import numpy as np

from lpr_engine.model.errors import PictureError, SourceError
from lpr_engine.model.pixels import Pixels
from lpr_engine.sources.address import PICTURE_SUFFIXES
from lpr_engine.sources.header import header_size
from lpr_engine.sources.layout import to_bgr
from lpr_engine.sources.native import prepare_opencv

MAX_PIXELS = 200_000_000
MAX_FILE_BYTES = 512 * 1024 * 1024


def read_picture(path: Path) -> Pixels:
    """Decode a picture file, turned upright by its EXIF orientation.

    Raises:
        PictureError: the file is missing, no picture, cut off, or too large to decode.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_FILE_BYTES + 1)
        return decode_picture(data)
    except OSError as err:
        raise PictureError(f"{path}: {err.strerror or err}") from err
    except PictureError as err:
        raise PictureError(f"{path}: {err}") from err


def decode_picture(data: bytes) -> Pixels:
    """Decode a picture in memory, turned upright by its EXIF orientation.

    Raises:
        PictureError: the data is no picture, cut off, or too large to decode.
    """
    if not data:
        raise PictureError("the file is empty")
    if len(data) > MAX_FILE_BYTES:
        raise PictureError(f"the file is over {MAX_FILE_BYTES // 1024**2} MB")
    width, height = header_size(data)
    if width * height > MAX_PIXELS:
        raise PictureError(
            f"{width}x{height} is over the limit of {MAX_PIXELS // 1_000_000} megapixels"
        )
    prepare_opencv()
    try:
        picture = cv2.imdecode(np.frombuffer(data, dtype=np.uint8), cv2.IMREAD_COLOR)
    except cv2.error as err:
        raise PictureError("the picture is damaged") from err
    # The stubs deny it, but OpenCV answers None for what it cannot decode.
    if not isinstance(picture, np.ndarray):
        raise PictureError("the picture is damaged or of a kind that cannot be decoded")
    return to_bgr(picture)


def picture_files(folder: Path) -> list[Path]:
    """The pictures right inside a folder, by name, with numbers in names counted as numbers.

    Raises:
        SourceError: the folder is missing or cannot be listed.
    """
    try:
        found = [path for path in folder.iterdir() if _is_picture(path)]
    except OSError as err:
        raise SourceError(f"{folder}: {err.strerror or err}") from err
    return sorted(found, key=lambda path: _natural_order(path.name))


def _is_picture(path: Path) -> bool:
    hidden = path.name.startswith(".")
    return not hidden and path.suffix.lower() in PICTURE_SUFFIXES and path.is_file()


def _natural_order(name: str) -> tuple[list[tuple[int, str]], str]:
    parts = re.findall(r"(\d+)|(\D+)", name.lower())
    return [(int(digits), "") if digits else (-1, letters) for digits, letters in parts], name
