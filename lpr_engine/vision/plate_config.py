"""What a plate config must say before its network is opened."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

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
        if not isinstance(content.get(key), kind):
            raise ModelError(f"{path}: plate config needs {key!r} as {kind.__name__}")
    alphabet, pad = content["alphabet"], content["pad_char"]
    if len(set(alphabet)) != len(alphabet):
        raise ModelError(f"{path}: 'alphabet' names a character twice")
    if len(pad) != 1 or pad not in alphabet:
        raise ModelError(f"{path}: 'pad_char' must be one character of 'alphabet'")
    for key in ("max_plate_slots", "img_height", "img_width"):
        if content[key] < 1:
            raise ModelError(f"{path}: {key!r} must be at least 1")
