"""A broker, an ear, and an engine in its own process for every end-to-end test."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.engine_process import MOSQUITTO, Broker, EngineProcess, Listener

_CACHE = Path(os.environ.get("LPR_TEST_CACHE", "/var/cache/lpr-tests"))


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    if MOSQUITTO is None:
        pytest.skip("needs the broker mosquitto")
    broker = Broker(tmp_path)
    broker.start()
    yield broker
    broker.stop()


@pytest.fixture
def listener(broker: Broker) -> Iterator[Listener]:
    listener = Listener(broker.port)
    yield listener
    listener.close()


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[EngineProcess]:
    """Not started yet; its configuration is to be written to `engine.json`."""
    engine = EngineProcess(tmp_path / "engine.json", tmp_path / "engine.log")
    yield engine
    engine.kill()


@pytest.fixture(scope="session")
def home_root() -> Path:
    """The small Debian with Home Assistant in it; made once, in some minutes."""
    root = _CACHE / "home-assistant"
    made = subprocess.run(
        [str(Path(__file__).parent / "home_assistant.sh"), str(root)],
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode == 3:
        pytest.skip(f"no Home Assistant here: {made.stderr.strip()}")
    assert made.returncode == 0, made.stderr
    return root
