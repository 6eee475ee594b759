"""The options of the command that trains a reader; light enough for every start of the engine."""

from __future__ import annotations

import argparse
from pathlib import Path

from lpr_engine.training.reading.options import DEVICES

BUNDLED = "bundled"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add every option."""
    parser.add_argument(
        "--data", type=Path, required=True, metavar="DIR",
        help="holds labels*.csv or crops/labels*.csv: image_path,plate_text[,region,label_quality]",
    )  # fmt: skip
    parser.add_argument(
        "--out", type=Path, default=Path("runs/reader"), metavar="DIR",
        help="run folder; a training that it holds goes on (default: %(default)s)",
    )  # fmt: skip
    parser.add_argument(
        "--start", metavar="FILE",
        help=f"weights to refine: '{BUNDLED}', a reader-start.npz or a reader.pt",
    )  # fmt: skip
    parser.add_argument("--seed", type=int, default=1, help="of everything random (default: 1)")
    _add_length(parser.add_argument_group("how long and how fast"))
    _add_mixture(parser.add_argument_group("what is learnt from"))
    parser.add_argument(
        "--licence", default="private", metavar="TEXT",
        help="the licence line of the model card (default: %(default)s)",
    )  # fmt: skip
    parser.add_argument(
        "--int8", action="store_true",
        help="also write an eight-bit copy, kept if it loses half a point of exact reads at most",
    )  # fmt: skip
    parser.add_argument(
        "--new-labels", action="store_true", help="go on although the labels have changed"
    )


def _add_length(group: argparse._ArgumentGroup) -> None:
    length = group.add_mutually_exclusive_group()
    length.add_argument(
        "--steps", type=int, metavar="N", help="batches in all (default: 8000, refining 1500)"
    )
    length.add_argument(
        "--minutes", type=float, metavar="M", help="time in all; the speed decides how many steps"
    )
    group.add_argument("--batch", type=int, default=192, metavar="N", help="samples (default: 192)")
    group.add_argument(
        "--rate", type=float, metavar="R",
        help="highest learning rate (default: 0.0025, refining 0.0005)",
    )  # fmt: skip
    group.add_argument(
        "--judge-every", type=int, default=250, metavar="N",
        help="steps between two judgements on held-out crops, with a checkpoint (default: 250)",
    )  # fmt: skip
    group.add_argument("--device", choices=DEVICES, default="auto")
    group.add_argument("--threads", type=int, metavar="N", help="of the network (default: cores)")
    group.add_argument(
        "--workers", type=int, metavar="N", help="processes that prepare batches; 0 none"
    )


def _add_mixture(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--real-share", type=float, default=0.5, metavar="P",
        help="part of each batch that are crops; the rest is drawn plates (default: 0.5)",
    )  # fmt: skip
    group.add_argument(
        "--weight", type=_weight, action="append", default=[], metavar="GROUP=W",
        help="how often a group of crops is taken beside the others; may be given often",
    )  # fmt: skip
    group.add_argument(
        "--plates", type=int, metavar="N",
        help="plates to draw; 0 learns from crops alone (default: 40000, refining 10000)",
    )  # fmt: skip
    group.add_argument(
        "--curriculum", type=int, default=0, metavar="N",
        help="batches over which drawn plates go from clean to all that a camera does (default: 0)",
    )  # fmt: skip
    group.add_argument("--bank", type=Path, metavar="DIR", help="plates drawn by an earlier run")
    group.add_argument(
        "--around", type=Path, action="append", default=[], metavar="DIR",
        help="street pictures, of which pieces stand around plates; may be given often",
    )  # fmt: skip
    group.add_argument(
        "--no-regions", action="store_true", help="do not learn which country a plate is from"
    )
    group.add_argument(
        "--skip-bad", action="store_true", help="name unusable rows and leave them out"
    )


def _weight(text: str) -> tuple[str, float]:
    group, _, number = text.rpartition("=")
    try:
        value = float(number)
    except ValueError:
        value = 0.0
    if not group or value <= 0:
        raise argparse.ArgumentTypeError(f"{text!r}: must be GROUP=WEIGHT, such as us=2")
    return group, value
