"""The trials as tables for people."""

from __future__ import annotations

from rich.table import Table

from lpr_engine.training.evaluation.trials.crop_trials import CropReads
from lpr_engine.training.evaluation.trials.finding import Finds
from lpr_engine.training.evaluation.trials.frame_trials import FrameFinds
from lpr_engine.training.evaluation.trials.parts import EVERYTHING, Part, Trial
from lpr_engine.training.evaluation.trials.picture_trials import Looked
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


def picture_table(name: str, looked: dict[Trial, Looked]) -> Table:
    """A row for each trial on one folder's pictures."""
    first = looked[EVERYTHING]
    table = Table(title=f"{name}: {_counts(first.finds)}")
    table.add_column("vision", no_wrap=True)
    reads = ("exact", "O=0 I=1") if first.reads.plates else ()
    for heading in ("found", "tight", "boxes", *reads, "detect ms", "read ms"):
        table.add_column(heading, justify="right", no_wrap=True)
    for trial, one in looked.items():
        if not (reads or trial.off <= {Part.CLOSER_LOOK}):
            continue
        texts = (percent(one.reads.exact_share), percent(one.reads.folded_share))
        found, tight, detect_ms = finding_cells(one.finds)
        read_ms = one.reads.spent_ms / max(1, one.finds.pictures)
        table.add_row(
            trial.name, found, tight, str(one.finds.boxes), *(texts if reads else ()), detect_ms,
            f"{read_ms:.1f}" if reads else "-",
        )  # fmt: skip
    table.caption = "boxes: all, also of unlabelled plates; ms: mean processor time, one thread"
    return table


def crop_table(reads: CropReads) -> Table:
    """A row for each trial on held-out crops, a column for each way to spoil them."""
    kinds = reads[EVERYTHING]
    count = next(iter(kinds.values())).plates
    table = Table(title=f"Exact reads of {count} held-out crops")
    table.add_column("reader", no_wrap=True)
    for heading in kinds:
        table.add_column(heading, justify="right", no_wrap=True)
    for trial, by_kind in reads.items():
        table.add_row(trial.name, *(percent(one.exact_share) for one in by_kind.values()))
    return table


def frame_table(finds: FrameFinds) -> Table:
    """A row for each way to look at 4K frames, two columns for each width of plates."""
    first = next(iter(finds.values()))
    counts = ", ".join(f"{one.plates} plates of {width} px" for width, one in first.items())
    table = Table(title=f"Frames of 3840x2160 with {counts}")
    table.add_column("detector", no_wrap=True)
    for width in first:
        for heading in ("found", "tight"):
            table.add_column(f"{width} px\n{heading}", justify="right", no_wrap=True)
    for heading in ("boxes", "ms"):
        table.add_column(f"\n{heading}", justify="right", no_wrap=True)
    for way, by_width in finds.items():
        cells = [cell for one in by_width.values() for cell in finding_cells(one)[:2]]
        total = sum(by_width.values(), Finds())
        table.add_row(way, *cells, f"{total.boxes / total.pictures:.2f}", f"{total.picture_ms:.0f}")
    table.caption = "boxes: of one frame; ms: mean processor time of a frame, one thread"
    return table
