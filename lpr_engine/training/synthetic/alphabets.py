"""The lettering of certain plates as stroke alphabets, set by eye to come near to real plates.

Names are those that packs give among their `faces`. What tells O and 0, I and 1, or Q apart
differs between them: British plates use one sign for both of a pair, German ones never.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from lpr_engine.training.synthetic.strokes import StrokeStyle


@dataclass(frozen=True, slots=True)
class Alphabet:
    """Proportions as parts of the cap height, and the forms that give the lettering away."""

    width: float
    thickness: float
    radius: float
    pitched: bool = False
    """All characters take the same room, a 1 too."""
    forms: dict[str, str] = field(default_factory=dict)
    widths: dict[str, float] = field(default_factory=dict)

    def style(self, generator: np.random.Generator) -> StrokeStyle:
        """The alphabet as one of its makers stamps it; rounded so that glyph caches get hits."""
        uniform = generator.uniform
        return StrokeStyle(
            width=round(self.width * float(uniform(0.94, 1.06)), 2),
            thickness=round(self.thickness * float(uniform(0.9, 1.12)), 2),
            radius=round(self.radius * float(uniform(0.85, 1.15)), 1 if self.radius > 0.3 else 2),
            square_ends=bool(generator.random() < 0.8),
            monospaced=False,
            forms=tuple(self.forms.items()),
            widths=tuple(self.widths.items()),
        )


_BARS = {"I": "slab", "1": "slab"}

ALPHABETS: dict[str, Alphabet] = {
    # Germany, Malta, South Africa, the Mercosur: each sign unlike every other.
    "plate_fe": Alphabet(
        width=0.62,
        thickness=0.135,
        radius=0.26,
        pitched=True,
        forms={"I": "slab", "1": "long", "J": "bar", "4": "split", "Q": "inside", "W": "upright"}
        | {"0": "slit", "G": "spur", "6": "straight", "9": "straight"},
        widths={"0": 0.86, "I1": 0.62, "MW": 1.08, "23456789": 0.93},
    ),
    # A variation of it, of no certain country: a zero with its shoulders cut.
    "plate_cut": Alphabet(
        width=0.62,
        thickness=0.135,
        radius=0.24,
        pitched=True,
        forms={"I": "slab", "1": "long", "J": "bar", "0": "cut", "Q": "inside", "W": "upright"},
        widths={"0": 0.86, "I1": 0.62, "MW": 1.08, "23456789": 0.93},
    ),
    # Germany before 1995, Austria, Denmark, Greece, the Balkans: the road signs' lettering.
    "plate_din": Alphabet(
        width=0.56,
        thickness=0.14,
        radius=0.3,
        forms={"1": "long", "M": "short", "Q": "inside", "6": "straight", "9": "straight"},
        widths={"1": 0.6, "I": 0.2, "MW": 1.2, "0": 0.9},
    ),
    # Great Britain: O is 0 and I is 1.
    "plate_uk": Alphabet(
        width=0.63,
        thickness=0.178,
        radius=0.2,
        forms={"1": "bar", "M": "short", "W": "upright"},
        widths={"MWNQ": 1.0},
    ),
    "plate_fr": Alphabet(
        width=0.56,
        thickness=0.125,
        radius=0.25,
        forms={"1": "long", "Q": "inside", "W": "tall", "M": "deep"},
        widths={"1": 0.62, "MW": 1.2, "0": 0.92},
    ),
    "plate_it": Alphabet(
        width=0.52,
        thickness=0.12,
        radius=0.24,
        forms={"M": "deep", "G": "spur", "R": "straight"},
        widths={"1": 0.55, "MW": 1.22},
    ),
    "plate_es": Alphabet(
        width=0.54,
        thickness=0.17,
        radius=0.24,
        forms={"1": "long"},
        widths={"1": 0.62, "MW": 1.35},
    ),
    "plate_nl": Alphabet(
        width=0.6,
        thickness=0.155,
        radius=0.2,
        forms={"1": "long", "4": "right", "K": "arms"},
        widths={"1": 0.6, "MW": 1.2},
    ),
    "plate_be": Alphabet(
        width=0.55,
        thickness=0.12,
        radius=0.27,
        forms={"M": "deep", "1": "long"},
        widths={"1": 0.55, "MW": 1.2},
    ),
    # Poland: wide letters beside narrow digits, so that a 0 is half an O.
    "plate_pl": Alphabet(
        width=0.62,
        thickness=0.12,
        radius=0.3,
        forms={"1": "long", "M": "deep", "W": "tall", "Q": "inside"},
        widths={"1": 0.55, "0123456789": 0.8, "I": 0.2, "MW": 1.15},
    ),
    # Bohemia, Slovakia, Hungary.
    "plate_cz": Alphabet(
        width=0.54,
        thickness=0.13,
        radius=0.22,
        forms={"1": "long", "M": "deep", "7": "hook"},
        widths={"1": 0.62, "I": 0.22, "MW": 1.15, "0": 0.92},
    ),
    "plate_hu": Alphabet(
        width=0.56,
        thickness=0.14,
        radius=0.24,
        forms={"1": "long", "I": "slab", "4": "right", "M": "short"},
        widths={"1": 0.62, "I": 0.5, "MW": 1.15},
    ),
    "plate_nordic": Alphabet(
        width=0.58,
        thickness=0.12,
        radius=0.28,
        forms={"1": "long", "M": "deep", "J": "hook"},
        widths={"1": 0.55, "I": 0.2, "MW": 1.2},
    ),
    "plate_fi": Alphabet(
        width=0.58,
        thickness=0.145,
        radius=0.27,
        forms={**_BARS},
        widths={"1": 0.58, "I": 0.5, "MW": 1.15},
    ),
    # Russia and neighbours.
    "plate_ru": Alphabet(
        width=0.6,
        thickness=0.13,
        radius=0.25,
        forms={"1": "long", "M": "deep", "K": "arms"},
        widths={"1": 0.6, "MX": 1.12},
    ),
    # Brazil: O is 0; I and 1 are bars with a nick.
    "plate_br": Alphabet(
        width=0.6,
        thickness=0.165,
        radius=0.2,
        pitched=True,
        forms={"I": "nick", "1": "nick", "Q": "inside", "M": "short", "W": "upright", "3": "flat"},
        widths={"1I": 0.4, "MW": 1.1},
    ),
    "plate_cn": Alphabet(
        width=0.5,
        thickness=0.115,
        radius=0.22,
        pitched=True,
        forms={"1": "bar", "Q": "inside", "4": "right"},
        widths={"MW": 1.05},
    ),
    # India, Arabia, East Africa and other places that follow British plates loosely.
    "plate_commonwealth": Alphabet(
        width=0.58,
        thickness=0.15,
        radius=0.24,
        forms={"1": "bar", "M": "deep"},
        widths={"MW": 1.2},
    ),
    # Australia, New Zealand, Chile, Colombia: narrow American dies.
    "plate_narrow": Alphabet(
        width=0.47,
        thickness=0.13,
        radius=0.16,
        forms={"I": "slab", "1": "slab", "Q": "inside"},
        widths={"1": 0.66, "I": 0.62, "MW": 1.15},
    ),
}
