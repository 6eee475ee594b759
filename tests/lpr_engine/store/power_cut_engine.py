"""Run by test_power_cut: for each line on standard input, a process that commits until killed.

Each process says its number first, then every commit once the store has reported it; the
launcher says when it is gone.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import replace
from pathlib import Path

from conftest import make_passage, make_update

from lpr_engine.config.sections import StorageSection
from lpr_engine.model.passage import Passage, Stage
from lpr_engine.store import checkpoints
from lpr_engine.store.store import PassageStore

# So that many are killed while the log is folded.
checkpoints.ROWS_BETWEEN = 1  # type: ignore[misc]


def say(**facts: object) -> None:
    os.write(1, json.dumps(facts).encode() + b"\n")


def report(kept: Passage) -> None:
    say(
        id=kept.id,
        revision=kept.revision,
        sequence=kept.sequence,
        pictures=[kept.crop, kept.frame],
    )


def commit_until_killed(directory: Path) -> None:
    say(process=os.getpid())
    store = PassageStore(StorageSection(directory=directory)).open()
    store.close_orphans()
    seed = os.getpid() * 1000
    while True:
        seed += 10
        preview = make_passage()
        report(store.commit(make_update(preview, seed=seed)))
        final = replace(preview, revision=2, stage=Stage.FINAL)
        report(store.commit(make_update(final, seed=seed + seed % 20)))


if __name__ == "__main__":
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            commit_until_killed(Path(line.strip()))
        os.waitpid(child, 0)
        say(gone=child)
