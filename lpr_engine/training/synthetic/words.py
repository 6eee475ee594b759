"""Words that stand on plates around their text: states, slogans, dealers, towns, province signs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

_FILE = Path(__file__).with_name("words.yaml")


@dataclass(frozen=True, slots=True)
class Words:
    """Lists to choose from."""

    states: tuple[str, ...]
    slogans: tuple[str, ...]
    dealers: tuple[str, ...]
    brazil_towns: tuple[str, ...]
    provinces: str
    counties: tuple[str, ...]
    stickers: tuple[str, ...]


@lru_cache(maxsize=1)
def plate_words() -> Words:
    """The words that come with the package."""
    content = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return Words(
        states=tuple(content["states"]),
        slogans=tuple(content["slogans"]),
        dealers=tuple(content["dealers"]),
        brazil_towns=tuple(content["brazil_towns"]),
        provinces=content["provinces"],
        counties=tuple(content["counties"].split(", ")),
        stickers=tuple(content["stickers"].split()),
    )
