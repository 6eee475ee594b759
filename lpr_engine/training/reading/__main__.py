"""`python -m lpr_engine.training.reading`: train a plate reader from a data folder."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from lpr_engine.model.errors import LprError
from lpr_engine.training.reading.command import run


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; 1 means that it failed, with the reason on the standard error."""
    parser = argparse.ArgumentParser(prog="python -m lpr_engine.training.reading")
    parser.add_argument("--data", type=Path, required=True, help="folder with crops/labels.csv")
    parser.add_argument("--out", type=Path, required=True, help="run folder; goes on if it exists")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    try:
        return run(options.data, options.out, options.seed)
    except LprError as err:
        sys.stderr.write(f"{err.code}: {err}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main())
