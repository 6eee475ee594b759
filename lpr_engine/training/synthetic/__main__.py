"""`python -m lpr_engine.training.synthetic --sheet out.png`: a contact sheet of rendered plates."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import cv2

from lpr_engine.training.synthetic.contact_sheet import contact_sheet


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the sheet; 1 means that the file could not be written."""
    parser = argparse.ArgumentParser(prog="python -m lpr_engine.training.synthetic")
    parser.add_argument("--sheet", type=Path, required=True, help="picture to write")
    parser.add_argument("--count", type=int, default=120)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--degraded", action="store_true", help="as a street camera sees them")
    options = parser.parse_args(arguments)
    sheet = contact_sheet(options.count, options.seed, degraded=options.degraded)
    options.sheet.parent.mkdir(parents=True, exist_ok=True)
    if not cv2.imwrite(str(options.sheet), cv2.cvtColor(sheet, cv2.COLOR_RGB2BGR)):
        sys.stderr.write(f"{options.sheet}: cannot be written\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
