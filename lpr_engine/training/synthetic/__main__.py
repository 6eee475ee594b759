"""`python -m lpr_engine.training.synthetic --sheet out.png`: a contact sheet of rendered plates."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from lpr_engine.training.synthetic.contact_sheet import comparison_sheet, contact_sheet

_KINDS = {".jpg", ".jpeg", ".png", ".bmp"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the sheet; 1 means that it could not be written or a folder holds no picture."""
    options = _parser().parse_args(arguments)
    real, streets = _pictures(options.real), _pictures(options.around)
    for folder, pictures in ((options.real, real), (options.around, streets)):
        if folder is not None and not pictures:
            sys.stderr.write(f"{folder}: holds no picture that can be decoded\n")
            return 1
    if real:
        sheet = comparison_sheet(
            options.count, options.seed, real, level=options.level, streets=streets
        )
    else:
        sheet = contact_sheet(
            options.count,
            options.seed,
            degraded=options.degraded,
            level=options.level,
            streets=streets,
        )
    return _write(sheet, options.sheet)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m lpr_engine.training.synthetic")
    parser.add_argument("--sheet", type=Path, required=True, help="picture to write")
    parser.add_argument("--count", type=int, default=120)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--degraded", action="store_true", help="as a street camera sees them")
    parser.add_argument("--level", type=float, default=1.0, help="how hard that camera is, 0 to 1")
    parser.add_argument("--around", type=Path, help="folder of street pictures to stand in")
    parser.add_argument(
        "--real", type=Path, help="folder of real crops to lay beside degraded ones"
    )
    return parser


def _pictures(folder: Path | None) -> list[NDArray[np.uint8]]:
    """All pictures of a folder in RGB; files that are none are left out."""
    if folder is None or not folder.is_dir():
        return []
    files = sorted(path for path in folder.iterdir() if path.suffix.lower() in _KINDS)
    pictures = [cv2.imread(str(path), cv2.IMREAD_COLOR_RGB) for path in files]
    return [np.asarray(picture, np.uint8) for picture in pictures if picture is not None]


def _write(sheet: NDArray[np.uint8], path: Path) -> int:
    path.parent.mkdir(parents=True, exist_ok=True)
    if not cv2.imwrite(str(path), cv2.cvtColor(sheet, cv2.COLOR_RGB2BGR)):
        sys.stderr.write(f"{path}: cannot be written\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
