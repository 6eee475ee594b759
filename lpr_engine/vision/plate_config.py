"""What a plate config must say before its network is opened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

from fast_plate_ocr.core.process import INTERPOLATION_MAP
from fast_plate_ocr.inference.config import PlateConfig

from lpr_engine.model.errors import ModelError

_NEEDED: dict[str, type] = {
    "max_plate_slots": int,
    "alphabet": str,
    "pad_char": str,
    "img_height": int,
    "img_width": int,
}


def check_config(content: object, path: Path) -> None:
    """Refuse what the library would take in silence or fail on without naming the file.

    Raises:
        ModelError: a key is missing, unknown or of the wrong kind; the message names it.
    """
    if not isinstance(content, dict):
        raise ModelError(f"{path}: plate config is no mapping of keys")
    known = {field.name for field in fields(PlateConfig)}
    for key in content:
        if key not in known:
            raise ModelError(f"{path}: plate config has the unknown key {key!r}")
    for key, kind in _NEEDED.items():
        if not isinstance(content.get(key), kind) or isinstance(content[key], bool):
            raise ModelError(f"{path}: plate config needs {key!r} as {kind.__name__}")
    alphabet, pad = content["alphabet"], content["pad_char"]
    if len(set(alphabet)) != len(alphabet):
        raise ModelError(f"{path}: 'alphabet' names a character twice")
    if len(pad) != 1 or pad not in alphabet:
        raise ModelError(f"{path}: 'pad_char' must be one character of 'alphabet'")
    for key in ("max_plate_slots", "img_height", "img_width"):
        if content[key] < 1:
            raise ModelError(f"{path}: {key!r} must be at least 1")
    for key, (is_fit, wanted) in _OPTIONAL.items():
        if content.get(key) is not None and not is_fit(content[key]):
            raise ModelError(f"{path}: {key!r} must be {wanted}, not {content[key]!r}")


def _is_colour(value: object) -> bool:
    parts = value if isinstance(value, list) and len(value) == 3 else [value]
    return all(type(part) is int and 0 <= part <= 255 for part in parts)


def _are_names(value: object) -> bool:
    return (
        isinstance(value, list)
        and all(isinstance(name, str) and name for name in value)
        and len(set(value)) == len(value)
    )


_OPTIONAL: dict[str, tuple[Callable[[Any], bool], str]] = {
    "keep_aspect_ratio": (lambda value: isinstance(value, bool), "true or false"),
    "interpolation": (
        lambda value: isinstance(value, str) and value in INTERPOLATION_MAP,
        f"one of {', '.join(INTERPOLATION_MAP)}",
    ),
    "image_color_mode": (lambda value: value in ("grayscale", "rgb"), "grayscale or rgb"),
    "padding_color": (_is_colour, "a number or a list of three, 0 to 255"),
    # YAML takes the country NO for "no" unless it stands in quotes.
    "plate_regions": (_are_names, "a list of different names, each in quotes"),
}
"""Keys that may be left out: what their value must be, and how that is said."""
