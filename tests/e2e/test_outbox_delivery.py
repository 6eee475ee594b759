"""Store and publisher, killed at any instant: every commit arrives, none twice as new."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.e2e.engine_process import Broker, Listener, wait_for

pytestmark = [
    pytest.mark.e2e,
]

SCRIPT = Path(__file__).parent / "outbox_process.py"
KILLS = 12


class Life:
    """One process between its start and its death."""

    def __init__(self, directory: Path, port: int, count: int) -> None:
        self._output = directory.with_name("committed.txt")
        with self._output.open("a") as output, directory.with_name("errors.txt").open("a") as log:
            self._process = subprocess.Popen(
                [sys.executable, str(SCRIPT), str(directory), str(port), str(count)],
                stdout=output,
                stderr=log,
            )

    @property
    def committed(self) -> list[int]:
        """Sequences that any life so far has seen committed."""
        return [int(line) for line in self._output.read_text().splitlines() if line]

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def end(self) -> int:
        return self._process.wait(120)


def test_killed_engine_loses_nothing_and_repeats_nothing_as_new(
    tmp_path: Path, broker: Broker, listener: Listener
) -> None:
    directory = tmp_path / "data"
    chance = random.Random(4711)
    for _ in range(KILLS):
        life = Life(directory, broker.port, 100_000)
        before = len(life.committed)
        wait_for(lambda life=life, n=before: len(life.committed) > n + 3, "commits")
        time.sleep(chance.uniform(0, 0.3))
        life.kill()
    last = Life(directory, broker.port, 0)
    assert last.end() == 0, (tmp_path / "errors.txt").read_text()

    highest = max(last.committed)
    for topic in ("lpr/drive/passage", "lpr/drive/camera/gate/event"):
        wait_for(
            lambda topic=topic: (
                {row["sequence"] for row in listener.messages(topic)} >= set(last.committed)
            ),
            f"every commit on {topic}",
        )
        rows = listener.messages(topic)
        first = list(dict.fromkeys(row["sequence"] for row in rows))
        assert first == sorted(first)
        # A commit may have been killed before it was printed; nothing else is missing.
        assert set(range(1, highest + 1)) <= set(first)
        new = Counter((row["id"], row["revision"]) for row in rows if not row["redelivered"])
        assert max(new.values()) == 1
        assert all(row["late"] for row in rows if row["redelivered"])


def test_broker_says_offline_for_a_killed_engine(
    tmp_path: Path, broker: Broker, listener: Listener
) -> None:
    life = Life(tmp_path / "data", broker.port, 100_000)
    wait_for(lambda: listener.last("lpr/drive/status") == b"online", "online")
    life.kill()
    wait_for(lambda: listener.last("lpr/drive/status") != b"online", "the last will")
    assert listener.last("lpr/drive/status") == b"offline"


def test_clean_end_says_offline(tmp_path: Path, broker: Broker, listener: Listener) -> None:
    life = Life(tmp_path / "data", broker.port, 5)
    assert life.end() == 0
    wait_for(lambda: listener.last("lpr/drive/status") == b"offline", "the farewell")
    assert len(listener.messages("lpr/drive/passage")) == 10
