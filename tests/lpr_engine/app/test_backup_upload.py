"""A backup on its way in holds its place, and leaves nothing when it does not arrive."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from lpr_engine.app.backup_keeper import BackupKeeper, Kept
from lpr_engine.config.sections import BackupSection, Configuration, StorageSection
from lpr_engine.model.backup import BackupBusyError, BackupTakenError, JobKind, JobState
from lpr_engine.model.clock import SystemClock
from lpr_engine.model.errors import StoreError, UnknownError
from lpr_engine.store.store import PassageStore
from tests.lpr_engine.pipeline.scripted import wait_for

NAME = "from-elsewhere.tar.gz"


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    return tmp_path / "backups"


@pytest.fixture
def keeper(tmp_path: Path, shelf: Path) -> Iterator[BackupKeeper]:
    with PassageStore(StorageSection(directory=tmp_path / "data")) as store:
        kept = Kept(tmp_path / "data", "home", store.media)
        yield BackupKeeper(
            Configuration(backup=BackupSection(directory=shelf)), kept, SystemClock()
        )


def left(shelf: Path) -> set[str]:
    """All that lies there, but for the lock."""
    return {path.name for path in shelf.glob("*")} - {".lpr-backups.lock"}


def made(keeper: BackupKeeper) -> str:
    job = keeper.create()
    assert wait_for(lambda: keeper.job(job.id).state is not JobState.RUNNING, 30)
    name = keeper.job(job.id).name
    assert name is not None
    return name


def test_its_job_runs_from_its_first_byte(keeper: BackupKeeper) -> None:
    arrival = keeper.receive(NAME, 5)
    arrival.write(b"12345")
    job = keeper.job(arrival.job.id)
    assert (job.kind, job.state, job.done_bytes) == (JobKind.UPLOAD, JobState.RUNNING, 5)
    for begin in (keeper.create, lambda: keeper.receive("another.tar.gz", 5)):
        with pytest.raises(BackupBusyError):
            begin()
    arrival.abandon()
    with pytest.raises(UnknownError):
        keeper.job(arrival.job.id)
    assert made(keeper)


def test_what_arrived_whole_is_there_under_its_name(keeper: BackupKeeper, shelf: Path) -> None:
    content = keeper.file(made(keeper)).read_bytes()
    arrival = keeper.receive(NAME, None)
    for start in range(0, len(content), 1000):
        arrival.write(content[start : start + 1000])
    job = arrival.settle()
    assert wait_for(lambda: keeper.job(job.id).state is not JobState.RUNNING, 30)
    assert keeper.job(job.id).state is JobState.DONE
    assert (shelf / NAME).read_bytes() == content


def test_a_name_that_was_taken_meanwhile_is_left_alone(keeper: BackupKeeper, shelf: Path) -> None:
    content = keeper.file(made(keeper)).read_bytes()
    arrival = keeper.receive(NAME, None)
    arrival.write(content)
    (shelf / NAME).write_bytes(b"mine")
    job = arrival.settle()
    assert wait_for(lambda: keeper.job(job.id).state is not JobState.RUNNING, 30)
    assert keeper.job(job.id).code == BackupTakenError.code
    assert (shelf / NAME).read_bytes() == b"mine"
    assert not any(name.startswith(".") for name in left(shelf))


@pytest.mark.parametrize("name", ["../b.tar.gz", ".b.tar.gz", "b.zip", "/tmp/b.tar.gz", ""])  # noqa: S108
def test_a_name_that_leads_elsewhere_is_none(keeper: BackupKeeper, name: str) -> None:
    with pytest.raises(UnknownError):
        keeper.receive(name, None)
    keeper._jobs.check_idle()


def test_what_a_crash_left_is_cleared_and_what_another_engine_holds_is_not(
    keeper: BackupKeeper, shelf: Path
) -> None:
    held = keeper.receive("held.tar.gz", None)
    held.write(b"x")
    (mine,) = left(shelf)
    # As if it were another engine's, which this one's jobs do not know.
    keeper._jobs.release(held.job)
    (shelf / ".arriving-crashed").mkdir()
    (shelf / ".arriving-crashed" / "b.tar.gz").write_bytes(b"x")
    name = made(keeper)
    assert left(shelf) == {mine, name}
    held.abandon()
    assert mine not in left(shelf)


def test_too_little_room_is_told_before_anything_comes(keeper: BackupKeeper, shelf: Path) -> None:
    with pytest.raises(StoreError, match="no space left"):
        keeper.receive(NAME, 2**60)
    assert left(shelf) == set()
    keeper._jobs.check_idle()


def test_an_engine_that_stops_gives_up_what_comes_in(keeper: BackupKeeper, shelf: Path) -> None:
    arrival = keeper.receive(NAME, None)
    keeper.stop()
    with pytest.raises(StoreError, match="stops"):
        arrival.write(b"x")
    arrival.abandon()
    assert left(shelf) == set()
