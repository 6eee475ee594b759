"""Colours and settings that all pictures of a report share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import matplotlib as mpl

from lpr_engine.training.evaluation.reader.causes import Cause

INK = "#22303c"
MUTED = "#7b8794"
FAINT = "#e4e9ee"
PAPER = "#ffffff"
BLUE = "#2b6cb0"
PALE_BLUE = "#bcd4ec"
RED = "#c53030"
AMBER = "#c47f17"
SHADES = ["#ffffff", "#fde8d8", "#f7b98f", "#e8754a", "#c53030", "#7b1e2b"]
"""From no confusion to the most frequent one."""

CAUSES = {
    Cause.LOOKALIKE: "#718096",
    Cause.ONE_SIGN: "#2b6cb0",
    Cause.SIGNS: "#2c7a7b",
    Cause.MISSING: "#c47f17",
    Cause.INVENTED: "#b7521e",
    Cause.MIXED: "#805ad5",
    Cause.HOPELESS: "#c53030",
    Cause.NOTHING: "#22303c",
}

DPI = 150

_SETTINGS = {
    "font.family": "DejaVu Sans",
    "font.size": 10.0,
    "axes.edgecolor": MUTED,
    "axes.labelcolor": INK,
    "axes.titlecolor": INK,
    "axes.titleweight": "bold",
    "axes.titlesize": 13.0,
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": INK,
    "ytick.color": INK,
    "text.color": INK,
    "figure.facecolor": PAPER,
    "savefig.dpi": DPI,
    "backend": "Agg",
}


@contextmanager
def house_style() -> Iterator[None]:
    """Draw everything inside alike, whatever the user's own settings are."""
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(_SETTINGS)
        yield
