"""The looks of American plates by region: grounds, scenery, words and ink, from `looks.yaml`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from lpr_engine.training.synthetic.formats import Colour

_FILE = Path(__file__).with_name("looks.yaml")


@dataclass(frozen=True, slots=True)
class Thing:
    """One drawing of a scene: `box` as parts of the plate's width and height."""

    drawing: str
    box: tuple[float, float, float, float]
    colour: Colour


@dataclass(frozen=True, slots=True)
class Look:
    """One design of a state's plates."""

    ink: Colour
    ground: tuple[Colour, ...]
    """Colours from above to below, at even distances."""
    things: tuple[Thing, ...]
    title: str
    title_colour: Colour
    title_face: str
    foot: str
    foot_colour: Colour
    middle: Thing | None
    """What a picture between two groups shows; its box is in parts of the free place."""
    weight: float


@lru_cache(maxsize=1)
def state_looks() -> dict[str, tuple[Look, ...]]:
    """Looks by region, such as `US-CA`."""
    content = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return {region: tuple(_look(entry) for entry in entries) for region, entries in content.items()}


def _look(entry: dict[str, Any]) -> Look:
    ink = _colour(entry["ink"])
    title_colour = _colour(entry.get("title_colour", entry["ink"]))
    foot_colour = _colour(entry.get("foot_colour", entry.get("title_colour", entry["ink"])))
    return Look(
        ink=ink,
        ground=tuple(_colour(colour) for colour in str(entry["ground"]).split()),
        things=tuple(_thing(text) for text in entry.get("things", ())),
        title=entry.get("title", ""),
        title_colour=title_colour,
        title_face=entry.get("face", "sans"),
        foot=entry.get("foot", ""),
        foot_colour=foot_colour,
        middle=_thing(entry["middle"]) if "middle" in entry else None,
        weight=float(entry.get("weight", 1)),
    )


def _thing(text: str) -> Thing:
    """Read `hills 0 .7 1 1 5a2a6b`: what, left, top, right, bottom, colour."""
    name, left, top, right, bottom, colour = text.split()
    return Thing(name, (float(left), float(top), float(right), float(bottom)), _colour(colour))


def _colour(text: object) -> Colour:
    """Read `5a2a6b`."""
    digits = str(text)
    return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)
