"""Power cuts at random instants: no committed passage is lost, none comes twice as new."""

from __future__ import annotations

import collections
import contextlib
import json
import random
import sqlite3
import time
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.engine_process import (
    SAMPLE_CLIP,
    Broker,
    EngineProcess,
    Listener,
    free_port,
    wait_for,
)

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.timeout(1200),
]

CUTS = 30
TOPIC = "lpr/cut/passage"


def write_config(folder: Path, port: int, *, enabled: bool) -> Path:
    """A camera that plays the clip over and over, as fast as the machine can look at it."""
    content = {
        "engine": {"id": "cut", "log_level": "warning"},
        "mqtt": {"host": "127.0.0.1", "port": port},
        "cameras": [
            {
                "id": "street",
                "source": str(SAMPLE_CLIP),
                "realtime": False,
                "repeat": True,
                "enabled": enabled,
            }
        ],
        "tracking": {"same_plate_within_s": 0},
        "storage": {"directory": str(folder / "data")},
        "api": {"port": free_port()},
    }
    path = folder / "engine.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def committed(folder: Path) -> int:
    """How many rows the outbox ever took in; 0 while there is no database."""
    file = folder / "data" / "lpr.sqlite3"
    if not file.exists():
        return 0
    query = "SELECT seq FROM sqlite_sequence WHERE name = 'outbox'"
    with contextlib.closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
        try:
            row = database.execute(query).fetchone()
        except sqlite3.OperationalError:
            # Killed before its tables were made.
            return 0
    return int(row[0]) if row else 0


def unfinished(folder: Path) -> int:
    """Rows that no broker confirmed yet, and passages that a cut left without their final."""
    address = f"file:{folder / 'data' / 'lpr.sqlite3'}?mode=ro"
    query = (
        "SELECT (SELECT count(*) FROM outbox)"
        " + (SELECT count(*) FROM passages WHERE stage = 'preview')"
    )
    with contextlib.closing(sqlite3.connect(address, uri=True)) as database:
        return int(database.execute(query).fetchone()[0])


def test_thirty_power_cuts_lose_nothing_and_repeat_nothing_as_new(
    tmp_path: Path, broker: Broker, listener: Listener, engine: EngineProcess
) -> None:
    write_config(tmp_path, broker.port, enabled=True)
    chance = random.Random(20260131)
    for cut in range(CUTS):
        before = committed(tmp_path)
        engine.start()
        # Every other cut falls while passages are being committed, the rest anywhere at all.
        if cut % 2:
            wait_for(lambda n=before: committed(tmp_path) > n, f"a commit\n{engine.log}", 120)
            time.sleep(chance.uniform(0, 0.4))
        else:
            time.sleep(chance.uniform(0.2, 5.0))
        engine.kill()
    write_config(tmp_path, broker.port, enabled=False)
    engine.start()
    wait_for(lambda: unfinished(tmp_path) == 0, f"everything is told\n{engine.log}")
    engine.terminate()

    total = committed(tmp_path)
    heard = wait_for_all(listener, total)
    assert total >= CUTS // 2
    assert {one["sequence"] for one in heard} == set(range(1, total + 1))
    assert_none_twice_as_new(heard)
    assert_final_comes_once(heard)
    events = listener.messages("lpr/cut/camera/street/event")
    assert {one["sequence"] for one in events} == set(range(1, total + 1))
    assert_none_twice_as_new(events)


def wait_for_all(listener: Listener, total: int) -> list[dict[str, Any]]:
    wait_for(
        lambda: len({one["sequence"] for one in listener.messages(TOPIC)}) >= total,
        f"{total} sequences heard",
    )
    return listener.messages(TOPIC)


def assert_none_twice_as_new(heard: list[dict[str, Any]]) -> None:
    new = collections.Counter(
        (one["id"], one["revision"]) for one in heard if not one["redelivered"]
    )
    assert [key for key, count in new.items() if count > 1] == []
    assert all(one["late"] for one in heard if one["redelivered"])


def assert_final_comes_once(heard: list[dict[str, Any]]) -> None:
    revisions: dict[str, dict[int, str]] = collections.defaultdict(dict)
    for one in heard:
        revisions[one["id"]][one["revision"]] = one["stage"]
    for passage, stages in revisions.items():
        finals = [number for number, stage in stages.items() if stage == "final"]
        assert len(finals) == 1, (passage, stages)
        assert finals[0] == max(stages), (passage, stages)


def test_stop_on_sigterm_is_clean_and_quick(
    tmp_path: Path, broker: Broker, listener: Listener, engine: EngineProcess
) -> None:
    write_config(tmp_path, broker.port, enabled=True)
    engine.start()
    wait_for(lambda: committed(tmp_path) > 0, f"a commit\n{engine.log}", 120)
    code, _ = engine.terminate()
    assert code == 0
    wait_for(lambda: listener.last("lpr/cut/status") == b"offline", "the farewell")
    assert "Traceback" not in engine.log
