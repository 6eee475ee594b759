"""The trials as tables for people."""

from __future__ import annotations

from rich.table import Table

from lpr_engine.training.evaluation.trials.finding import Finds
from lpr_engine.training.evaluation.trials.sizes import FILES, Curve


def size_table(curve: Curve) -> Table:
    """A row for each file and size, three columns for each folder."""
    table = Table(title="The detector at each size of its input")
    table.add_column("file")
    table.add_column("size", justify="right")
    for name in curve:
        for heading in ("found", "tight", "ms"):
            table.add_column(f"{name}\n{heading}", justify="right", no_wrap=True)
    settings = list(next(iter(curve.values()), {}))
    for setting in settings:
        if table.rows and setting.size_px == settings[0].size_px:
            table.add_section()
        cells = [cell for finds in curve.values() for cell in finding_cells(finds[setting])]
        table.add_row(FILES[setting.model], str(setting.size_px), *cells)
    counts = (f"{name}: {_counts(next(iter(finds.values())))}" for name, finds in curve.items())
    table.caption = "; ".join(counts) + ";\nms: mean processor time of a picture, one thread"
    return table


def finding_cells(finds: Finds) -> tuple[str, str, str]:
    """Found, tight and time in words."""
    return percent(finds.found_share), percent(finds.tight_share), f"{finds.picture_ms:.1f}"


def percent(share: float) -> str:
    """A share of all, with one digit after the point."""
    return f"{100 * share:.1f} %"


def _counts(finds: Finds) -> str:
    return f"{finds.plates} plates in {finds.pictures} pictures"
