"""Run by test_vehicle_import: takes in one table after another until it is killed."""

from __future__ import annotations

import itertools
import os
import sys
from pathlib import Path

from lpr_engine.config.sections import StorageSection
from lpr_engine.model.vehicle import Vehicle
from lpr_engine.model.vehicle_import import ImportRow
from lpr_engine.store.store import PassageStore


def rows(label: str) -> list[ImportRow]:
    return [
        ImportRow(
            line,
            Vehicle("", f"A{line}", label, frozenset({"allow"})),
            frozenset({"text", "label", "lists"}),
        )
        for line in range(2000)
    ]


def main() -> None:
    store = PassageStore(StorageSection(directory=Path(sys.argv[1]))).open()
    tables = (rows(f"{os.getpid()} {number}") for number in itertools.count())
    os.write(1, b"begin\n")
    for table in tables:
        store.vehicle_import.take_in(table, skip_bad=False)


if __name__ == "__main__":
    main()
