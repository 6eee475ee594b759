"""Killed at any instant of a restore, again and again: the old or the new, never half of each."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from itertools import takewhile
from pathlib import Path

import pytest

from lpr_engine.config.sections import StorageSection
from lpr_engine.store.store import PassageStore

from .conftest import BackUp, Contents, contents_of, fill

ROUNDS = 25
State = tuple[str, Contents]
Report = dict[str, str]


@pytest.fixture
def launcher() -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("power_cut_restore.py"))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    yield process
    process.communicate()
    assert process.returncode == 0


def run_and_kill(
    launcher: subprocess.Popen[str], paths: list[Path], chance: random.Random
) -> list[Report]:
    """What one process said that it orders, and has ordered, before it was killed."""
    assert launcher.stdin is not None
    assert launcher.stdout is not None
    launcher.stdin.write(json.dumps([str(path) for path in paths]) + "\n")
    launcher.stdin.flush()
    lines = (json.loads(line) for line in launcher.stdout)
    number = next(lines)["process"]
    reports = [next(lines) for _ in range(chance.randint(0, 4))]
    time.sleep(chance.random() / 10)
    os.kill(number, signal.SIGKILL)
    return reports + list(takewhile(lambda line: "gone" not in line, lines))


def possible(reports: list[Report], before: str) -> set[str]:
    """The backups of which one must be there now."""
    found = {before}
    for report in reports:
        found = {report["ordered"]} if "ordered" in report else {*found, report["ordering"]}
    return found


def make_backup(
    open_store: Callable[[], PassageStore], data_dir: Path, home: Path, seed: int
) -> State:
    home.write_text(f"engine: {{id: state{seed}}}\n", encoding="utf-8")
    store = open_store()
    fill(store, seed, count=4)
    state = home.read_text(encoding="utf-8"), contents_of(store, data_dir)
    store.close()
    return state


def test_restore_is_whole_or_not_begun(
    open_store: Callable[[], PassageStore],
    data_dir: Path,
    back_up: BackUp,
    tmp_path: Path,
    launcher: subprocess.Popen[str],
) -> None:
    home = tmp_path / "home" / "home.yaml"
    states, backups = [], []
    for seed in (100, 200):
        shutil.rmtree(data_dir, ignore_errors=True)
        states.append(make_backup(open_store, data_dir, home, seed))
        backups.append(back_up(name=f"{seed}.tar.gz"))
    by_name = {path.name: state for path, state in zip(backups, states, strict=True)}
    chance, there = random.Random(3), backups[-1].name
    for _ in range(ROUNDS):
        reports = run_and_kill(launcher, [data_dir, home, *backups], chance)
        with PassageStore(StorageSection(directory=data_dir)) as store:
            assert store.problems == ()
            found = home.read_text(encoding="utf-8"), contents_of(store, data_dir)
        names = [name for name, state in by_name.items() if state == found]
        assert len(names) == 1, "neither the one nor the other"
        assert names[0] in possible(reports, there)
        assert not (data_dir / "restore").exists()
        assert list(home.parent.glob(".*")) == []
        there = names[0]
