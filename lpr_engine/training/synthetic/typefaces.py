"""Where glyph shapes come from: installed font files, and stroke alphabets that need none."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from lpr_engine.training.synthetic.alphabets import ALPHABETS
from lpr_engine.training.synthetic.dies import DIES, Die, cut_die, die_glyph
from lpr_engine.training.synthetic.strokes import StrokeStyle, stroke_glyph

# Font files need Pillow, which only the training extra brings; stroke alphabets need nothing.
if find_spec("PIL") is not None:
    from lpr_engine.training.synthetic.font_raster import font_glyph, font_words

    HAS_FONTS = True
else:
    HAS_FONTS = False

SYSTEM_FONTS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))
_SUFFIXES = (".ttf", ".otf", ".woff", ".woff2")

# Beginnings of font files' names, by the kind of plate lettering that they come near to.
_FAMILIES: dict[str, tuple[str, ...]] = {
    "din": (
        "osp-din",
        "barlow-latin-500",
        "barlow-latin-600",
        "barlow-semi-condensed-latin-500",
        "barlow-semi-condensed-latin-600",
        "play-regular",
        "play-bold",
        "dejavusanscondensed-bold",
        "rajdhani-latin-600",
        "rajdhani-latin-700",
        "routed-gothic.",
        "roboto-medium",
        "ubuntu-title",
        "overpass-latin-600",
        "signika-latin-500",
        "signika-latin-600",
        "inter-medium.",
        "share-tech-latin",
    ),
    "fe": (
        "share-tech-mono",
        "inconsolata",
        "jetbrainsmono-medium.",
        "jetbrainsmono-bold.",
        "overpass-mono-latin-600",
        "hack-regular",
        "b612-mono-latin-700",
        "notosansmono-bold",
        "roboto-mono-latin-500",
        "tlwgmono-bold.",
        "dejavusansmono-bold.",
        "chakra-petch-latin-600",
        "mpluscodelatin50-semibold",
        "freemonobold.",
    ),
    "uk": (
        "barlow-condensed-latin-600",
        "barlow-condensed-latin-700",
        "saira-condensed-latin-600",
        "saira-semi-condensed-latin-600",
        "barlow-semi-condensed-latin-700",
        "share-tech-latin",
        "encode-sans-condensed-latin-600",
        "rajdhani-latin-700",
        "teko-latin-500",
        "roboto-condensed-latin-600",
        "barlow-latin-700",
        "bebasneue-bold",
    ),
    "us": (
        "barlow-condensed-latin-500",
        "barlow-condensed-latin-600",
        "routed-gothic-narrow.",
        "dosis-bold",
        "dosis-semibold",
        "saira-condensed-latin-500",
        "saira-condensed-latin-600",
        "teko-latin-500",
        "overpass-latin-600",
        "bebasneue-book",
        "bebasneue-regular",
        "pathway-gothic-one",
        "robotocondensed-bold.",
        "big-shoulders-display-latin-600",
        "rajdhani-latin-600",
        "oswald-latin-500",
        "league-gothic",
        "sofia-sans-extra-condensed-latin-600",
    ),
    "narrow": (
        "liberationsansnarrow-bold.",
        "nimbussansnarrow-bold.",
        "archivo-narrow-latin-600",
        "pt-sans-narrow-latin-700",
        "robotocondensed-medium.",
        "oswald-latin-500",
        "fjalla-one",
        "asap-condensed-latin-600",
        "antonio-latin-600",
        "sofia-sans-condensed-latin-600",
        "robotocondensed-regular.",
        "yanonekaffeesatz-semibold",
        "dejavusanscondensed-bold.",
    ),
    "sans": (
        "liberationsans-bold.",
        "liberationsans-regular.",
        "freesansbold.",
        "nimbussans-bold.",
        "roboto-bold.",
        "lato-bold.",
        "lato-semibold.",
        "inter-semibold.",
        "dejavusans-bold.",
        "cantarell-bold",
        "urwgothic-demi.",
        "mplus1-bold",
        "russo-one",
    ),
    "china": (
        "barlow-latin-600",
        "barlow-semi-condensed-latin-600",
        "nimbussansnarrow-bold.",
        "overpass-latin-600",
        "din",
    ),
    "script": (
        "z003",
        "c059-bdita",
        "p052-bolditalic",
        "liberationserif-bolditalic",
        "freeserifbold",
        "lato-blackitalic",
        "nimbussans-bold.",
        "barlow-condensed-latin-700-normal",
        "robotoslab-bold",
        "liberationserif-bold.",
        "quicksand-bold",
        "roboto-bolditalic",
        "urwbookman-demi",
        "comfortaa-bold",
    ),
    "han": ("wqy-zenhei",),
}


@dataclass(frozen=True, slots=True)
class Typeface:
    """One alphabet: a die, else a font file, else a stroke style when `path` is None."""

    path: str | None
    style: StrokeStyle
    pitched: bool = False
    """All characters take the same room."""
    die: Die | None = None

    def glyph(self, character: str, height: int) -> NDArray[np.uint8]:
        """Coverage 0..255, shape (height, natural width), the character filling the height."""
        if self.die is not None:
            return die_glyph(character, self.die, height)
        if self.path is None:
            return stroke_glyph(character, self.style, height)
        drawn = font_glyph(self.path, character)
        if drawn is None:
            return stroke_glyph(character, self.style, height)
        width = max(2, round(drawn.shape[1] * height / drawn.shape[0]))
        return np.asarray(
            cv2.resize(drawn, (width, height), interpolation=cv2.INTER_AREA), np.uint8
        )


@lru_cache(maxsize=8)
def font_files(folders: tuple[Path, ...] = SYSTEM_FONTS) -> dict[str, tuple[str, ...]]:
    """Installed font files for each kind of lettering; kinds with none are missing."""
    if not HAS_FONTS:
        return {}
    paths = [
        str(p)
        for f in folders
        if f.is_dir()
        for p in sorted(f.rglob("*"))
        if p.suffix in (*_SUFFIXES, ".ttc")
    ]
    found: dict[str, tuple[str, ...]] = {}
    for kind, names in _FAMILIES.items():
        chosen = {p for n in names for p in paths if _matches(p, n, kind)}
        if chosen:
            found[kind] = tuple(sorted(chosen))
    return found


def _matches(path: str, name: str, kind: str) -> bool:
    file_name = Path(path).name.lower()
    upright = kind == "script" or ("italic" not in file_name and "oblique" not in file_name)
    return file_name.startswith(name) and upright and not file_name.endswith(".woff")


def choose_typeface(
    kind: str, generator: np.random.Generator, folders: tuple[Path, ...] = SYSTEM_FONTS
) -> Typeface:
    """A typeface of this kind; a stroke alphabet where no such font is installed."""
    if kind in ALPHABETS:
        alphabet = ALPHABETS[kind]
        return Typeface(None, alphabet.style(generator), alphabet.pitched)
    if kind in DIES:
        pitched = bool(generator.random() < 0.6)
        return Typeface(None, stroke_style(kind, generator), pitched, cut_die(kind, generator))
    files = () if kind == "stroke" else font_files(folders).get(kind, ())
    path = files[int(generator.integers(len(files)))] if files else None
    return Typeface(path, stroke_style(kind, generator))


def stroke_style(kind: str, generator: np.random.Generator) -> StrokeStyle:
    """A random stroke alphabet; the values are rounded so that glyph caches get hits."""
    uniform = generator.uniform
    width = float(uniform(0.42, 0.72))
    monospaced = kind == "fe" or generator.random() < 0.15
    return StrokeStyle(
        width=round(width, 2),
        thickness=round(float(min(uniform(0.09, 0.19), 0.26 * width)), 2),
        radius=round(float(generator.choice([0.06, 0.12, 0.2, 0.28, 0.4])), 2),
        square_ends=bool(generator.random() < 0.6),
        monospaced=monospaced,
        variant=int(generator.integers(0, 12)),
    )


@lru_cache(maxsize=4096)
def words(path: str | None, text: str, height: int) -> NDArray[np.uint8]:
    """Small lettering (a town, a slogan) as coverage 0..255, trimmed to its ink."""
    if path is None:
        return _plain_words(text, height)
    return font_words(path, text, height)


def _plain_words(text: str, height: int) -> NDArray[np.uint8]:
    style = StrokeStyle(thickness=0.14)
    parts: list[NDArray[np.uint8]] = []
    for sign in text.upper():
        known = sign.isascii() and sign.isalnum()
        parts += [
            stroke_glyph(sign, style, height)
            if known
            else np.zeros((height, height // 3), np.uint8)
        ]
        parts += [np.zeros((height, max(1, height // 6)), np.uint8)]
    return np.hstack(parts)
