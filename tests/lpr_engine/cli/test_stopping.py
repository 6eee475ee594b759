"""Signals of a real process: one asks, a second Ctrl-C insists, and nothing that hangs wins."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

START = """
import signal, sys, threading, time
from pathlib import Path
from lpr_engine.cli.stopping import StopRequest
signal.signal(signal.SIGHUP, signal.SIG_DFL)  # the tests themselves may run under nohup
remains = Path(sys.argv[1])
remains.mkdir()
"""
POLITE = """
with StopRequest(remains.rmdir) as told:
    print("ready", flush=True)
    told.wait()
    print("stopping", flush=True)
"""
HANGING = """
with StopRequest(remains.rmdir, patience_s=float(sys.argv[2])) as told:
    print("ready", flush=True)
    told.wait()
    print("stopping", flush=True)
    threading.Event().wait()
"""
UNTOLD = """
with StopRequest(remains.rmdir):
    pass
print("ready", flush=True)
time.sleep(60)
"""

Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def remains(tmp_path: Path) -> Path:
    return tmp_path / "remains"


@pytest.fixture
def start(remains: Path) -> Iterator[Start]:
    running: list[subprocess.Popen[str]] = []

    def run(script: str, *arguments: object) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", START + script, str(remains), *map(str, arguments)],
            stdout=subprocess.PIPE,
            text=True,
        )
        running.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        return process

    yield run
    for process in running:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_one_signal_asks_to_stop(start: Start, remains: Path, number: signal.Signals) -> None:
    process = start(POLITE)
    process.send_signal(number)
    assert process.communicate(timeout=20)[0] == "stopping\n"
    assert process.returncode == 0
    assert not remains.exists()


def test_what_hangs_is_left_behind(start: Start, remains: Path) -> None:
    process = start(HANGING, 0.3)
    process.send_signal(signal.SIGTERM)
    assert process.communicate(timeout=20)[0] == "stopping\n"
    assert process.returncode == 1
    assert not remains.exists()


def test_second_interrupt_ends_at_once(start: Start, remains: Path) -> None:
    process = start(HANGING, 600)
    process.send_signal(signal.SIGINT)
    assert process.stdout is not None
    assert process.stdout.readline() == "stopping\n"
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=20) == 128 + signal.SIGINT
    assert not remains.exists()


def test_an_echo_of_the_first_is_no_second(start: Start) -> None:
    process = start(HANGING, 1.5)
    process.send_signal(signal.SIGTERM)
    process.send_signal(signal.SIGTERM)
    time.sleep(0.5)
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=20) == 1


def test_afterwards_signals_mean_what_they_did(start: Start) -> None:
    process = start(UNTOLD)
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=20) == -signal.SIGTERM
