"""Run by test_vehicle_import: takes in table after table until it is killed, and says which."""

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
    for number in itertools.count():
        label = f"{os.getpid()}:{number}"
        store.books.vehicle_import.take_in(rows(label), skip_bad=False)
        os.write(1, f"{label}\n".encode())


if __name__ == "__main__":
    main()
