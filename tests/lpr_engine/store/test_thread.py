"""The writing thread: bounded, in order, and honest about what goes wrong."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from pathlib import Path

import pytest

from lpr_engine.model.errors import DiskFullError, StoreError
from lpr_engine.store.database import Database
from lpr_engine.store.failures import DamagedDatabaseError, StoreBusyError, StoreClosedError
from lpr_engine.store.problems import ProblemBoard
from lpr_engine.store.thread import StoreThread

StartThread = Callable[[int], StoreThread]


@pytest.fixture
def board() -> ProblemBoard:
    return ProblemBoard()


@pytest.fixture
def start(board: ProblemBoard, tmp_path: Path) -> Iterator[StartThread]:
    started: list[StoreThread] = []

    def start_one(capacity: int) -> StoreThread:
        path = tmp_path / "kept.sqlite3"
        thread = StoreThread(lambda: Database(sqlite3.connect(path), path), board, capacity)
        thread.start()
        started.append(thread)
        return thread

    yield start_one
    for thread in started:
        thread.stop()


class Gate:
    """A job that holds the thread up until it is opened."""

    def __init__(self) -> None:
        self.entered = threading.Event()
        self.opened = threading.Event()

    def __call__(self, database: Database) -> str:
        self.entered.set()
        self.opened.wait()
        return "through"


def test_jobs_run_in_order_in_one_thread(start: StartThread) -> None:
    thread = start(100)
    seen: list[tuple[int, str]] = []

    for number in range(20):
        thread.submit(lambda _, n=number: seen.append((n, threading.current_thread().name)))
    thread.stop()

    assert seen == [(number, "store") for number in range(20)]


def test_error_reaches_the_caller_and_the_thread_goes_on(start: StartThread) -> None:
    thread = start(10)

    with pytest.raises(ZeroDivisionError):
        thread.call(lambda _: 1 // 0)

    assert thread.call(lambda _: "well") == "well"


def test_full_queue_refuses_at_once_and_takes_again(start: StartThread) -> None:
    thread, gate = start(2), Gate()
    held = thread.submit(gate)
    gate.entered.wait()
    waiting = [thread.submit(lambda _, n=number: n) for number in range(2)]

    with pytest.raises(StoreBusyError, match="2 jobs wait"):
        thread.submit(lambda _: None)

    gate.opened.set()
    assert held.result() == "through"
    assert [future.result() for future in waiting] == [0, 1]
    assert thread.call(lambda _: "again") == "again"


def test_call_waits_for_a_place(start: StartThread) -> None:
    thread, gate = start(1), Gate()
    thread.submit(gate)
    gate.entered.wait()
    thread.submit(lambda _: None)
    answers: list[str] = []
    caller = threading.Thread(target=lambda: answers.append(thread.call(lambda _: "patient")))
    caller.start()

    gate.opened.set()
    caller.join()

    assert answers == ["patient"]


def test_stop_finishes_the_queue_and_refuses_what_comes_after(start: StartThread) -> None:
    thread, gate = start(10), Gate()
    thread.submit(gate)
    gate.entered.wait()
    last = thread.submit(lambda _: "last")
    stopping = threading.Thread(target=thread.stop)
    stopping.start()
    gate.opened.set()
    stopping.join()

    assert last.result(timeout=0) == "last"
    with pytest.raises(StoreClosedError):
        thread.submit(lambda _: None)
    thread.stop()


def test_cancelled_job_is_not_done(start: StartThread) -> None:
    thread, gate = start(10), Gate()
    thread.submit(gate)
    gate.entered.wait()
    seen: list[int] = []
    future = thread.submit(lambda _: seen.append(1))

    assert future.cancel()
    gate.opened.set()
    thread.stop()

    assert seen == []
    with pytest.raises(CancelledError):
        future.result()


def test_failed_opening_is_raised_where_it_was_asked_for(board: ProblemBoard) -> None:
    def fail() -> Database:
        raise StoreError("no")

    thread = StoreThread(fail, board)

    with pytest.raises(StoreError, match="no"):
        thread.start()
    thread.stop()


def test_thread_that_never_started_can_be_stopped(board: ProblemBoard) -> None:
    StoreThread(lambda: pytest.fail("never opened"), board).stop()


def test_full_disk_and_damage_become_problems_once(
    start: StartThread, board: ProblemBoard, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    thread = start(10)

    def fail(err: StoreError) -> Callable[[Database], None]:
        def job(_: Database) -> None:
            raise err

        return job

    for err in (DiskFullError("disk"), DamagedDatabaseError("pages")) * 2:
        with pytest.raises(type(err)):
            thread.call(fail(err))

    assert len(board.current) == 2
    assert len(caplog.records) == 2
    assert (tmp_path / "kept.sqlite3.suspect").exists()
