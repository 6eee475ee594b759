"""Killed at any instant, again and again: what was reported as committed is there."""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path
from typing import Any

import pytest

from lpr_engine.config.sections import StorageSection
from lpr_engine.model.passage import Passage, Stage
from lpr_engine.store.store import PassageStore

ROUNDS = 12

Report = dict[str, Any]


@pytest.fixture
def launcher() -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("power_cut_engine.py"))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    yield process
    process.communicate()
    assert process.returncode == 0


def run_and_kill(
    launcher: subprocess.Popen[str], directory: Path, chance: random.Random
) -> list[Report]:
    """What one process reported before it was killed somewhere in its work."""
    assert launcher.stdin is not None
    assert launcher.stdout is not None
    launcher.stdin.write(f"{directory}\n")
    launcher.stdin.flush()
    lines = (json.loads(line) for line in launcher.stdout)
    number = next(lines)["process"]
    reports = [next(lines) for _ in range(chance.randint(1, 6))]
    time.sleep(chance.random() / 50)
    os.kill(number, signal.SIGKILL)
    return reports + list(takewhile(lambda line: "gone" not in line, lines))


def assert_all_there(store: PassageStore, directory: Path, reported: list[Report]) -> None:
    rows = {row.sequence: row.passage for row in store.pending(100_000)}
    assert sorted(rows) == list(range(1, len(rows) + 1))
    assert len({(one.id, one.revision) for one in rows.values()}) == len(rows)
    for report in reported:
        waiting = rows[report["sequence"]]
        assert (waiting.id, waiting.revision) == (report["id"], report["revision"])
        kept = store.search.get(report["id"])
        assert kept is not None
        assert kept.revision >= report["revision"]
    for passage in rows.values():
        assert_pictures_are_whole(directory, passage)


def assert_pictures_are_whole(directory: Path, passage: Passage) -> None:
    for path in (passage.crop, passage.frame):
        assert path is not None
        content = (directory / path).read_bytes()
        assert hashlib.sha256(content).hexdigest() == Path(path).stem


def test_no_reported_commit_is_lost_by_kill(
    tmp_path: Path, launcher: subprocess.Popen[str]
) -> None:
    chance = random.Random(7)
    reported: list[Report] = []
    for _ in range(ROUNDS):
        reported += run_and_kill(launcher, tmp_path, chance)
        with PassageStore(StorageSection(directory=tmp_path)) as store:
            assert store.problems == ()
            assert_all_there(store, tmp_path, reported)

    with PassageStore(StorageSection(directory=tmp_path)) as store:
        store.close_orphans()
        store.retain()
        assert_all_there(store, tmp_path, reported)
        finals = [row.passage.id for row in store.pending(100_000) if is_final(row.passage)]
        assert sorted(finals) == sorted({row.passage.id for row in store.pending(100_000)})
    assert list(tmp_path.glob("media/*/*.part")) == []


def is_final(passage: Passage) -> bool:
    return passage.stage is Stage.FINAL
