"""`python -m lpr_engine.training.reading`: train a plate reader from a data folder."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from lpr_engine.model.errors import LprError
from lpr_engine.training.reading.arguments import add_arguments
from lpr_engine.training.reading.command import run


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; 1 means that it failed, with the reason on the standard error."""
    parser = argparse.ArgumentParser(prog="python -m lpr_engine.training.reading")
    add_arguments(parser)
    try:
        return run(parser.parse_args(arguments))
    except LprError as err:
        sys.stderr.write(f"{err.code}: {err}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main())
