"""The backups of an engine: made on request and on time, rotated, and laid ready."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from lpr_engine.app.backup_keeper import BackupKeeper, Kept
from lpr_engine.config.desk import ConfigurationSource, NoConfigFileError
from lpr_engine.config.sections import BackupSection, Configuration, StorageSection
from lpr_engine.model.backup import BackupJob, JobState
from lpr_engine.model.errors import UnknownError
from lpr_engine.store.store import PassageStore
from tests.lpr_engine.pipeline.scripted import wait_for
from tests.lpr_engine.store.conftest import make_update

NOON = datetime(2026, 5, 5, 12).astimezone().astimezone(timezone.utc)
HOUR = timedelta(hours=1)


class Hands:
    """A clock whose hands the test holds."""

    def __init__(self) -> None:
        self.time = NOON
        self.seconds = 5000.0

    def now(self) -> datetime:
        return self.time

    def monotonic_s(self) -> float:
        return self.seconds

    def advance(self, span: timedelta) -> None:
        self.time += span
        self.seconds += span.total_seconds()


Build = Callable[..., BackupKeeper]


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[PassageStore]:
    with PassageStore(StorageSection(directory=tmp_path / "data")) as store:
        store.commit(make_update())
        yield store


@pytest.fixture
def home(tmp_path: Path) -> Path:
    path = tmp_path / "home.yaml"
    path.write_text("storage: {directory: data}\nmqtt:\n", encoding="utf-8")
    (tmp_path / "secrets.yaml").write_text("pw: geheim\n", encoding="utf-8")
    return path


@pytest.fixture
def build(tmp_path: Path, store: PassageStore, home: Path, hands: Hands) -> Build:
    def make(source: bool = True, **section: object) -> BackupKeeper:
        backup = dataclasses.replace(
            BackupSection(directory=tmp_path / "backups"),
            **section,  # type: ignore[arg-type]
        )
        kept = Kept(
            tmp_path / "data",
            "home",
            store.media,
            ConfigurationSource(home, {}) if source else None,
        )
        return BackupKeeper(Configuration(backup=backup), kept, hands)

    return make


def ended(keeper: BackupKeeper, job: BackupJob) -> BackupJob:
    assert wait_for(lambda: keeper.job(job.id).state is not JobState.RUNNING, 30)
    return keeper.job(job.id)


def tended(keeper: BackupKeeper, hands: Hands, span: timedelta) -> list[str]:
    """The scheduled backups after some time in which the keeper was tended each hour."""
    for _ in range(int(span / HOUR)):
        hands.advance(HOUR)
        keeper.tend()
        assert wait_for(lambda: not keeper._jobs._running, 30)
    return [one.name for one in keeper.records() if one.is_scheduled]


def test_backup_is_made_as_asked_for(build: Build) -> None:
    keeper = build()
    job = ended(keeper, keeper.create(media=True, secrets=True))
    assert job.state is JobState.DONE
    assert job.done_bytes > 0
    assert job.name is not None
    record = keeper.record(job.name)
    assert record.name.startswith("lpr-home-")
    assert (record.with_media, record.with_configuration, record.with_secrets) == (True,) * 3
    assert not record.is_scheduled
    assert keeper.file(job.name).is_file()
    assert keeper.records() == (record,)


def test_what_is_not_said_is_as_the_configuration_says(build: Build) -> None:
    keeper = build(media=True, secrets=True)
    name = ended(keeper, keeper.create(secrets=False)).name
    assert name is not None
    record = keeper.record(name)
    assert (record.with_media, record.with_secrets) == (True, False)


def test_engine_without_a_file_is_backed_up_without_it(build: Build) -> None:
    keeper = build(source=False)
    name = ended(keeper, keeper.create(secrets=True)).name
    assert name is not None
    record = keeper.record(name)
    assert (record.with_configuration, record.with_secrets) == (False, False)
    with pytest.raises(NoConfigFileError):
        keeper.restore(name, configuration=True, secrets=False)


def test_deleted_backup_is_gone(build: Build) -> None:
    keeper = build()
    name = ended(keeper, keeper.create()).name
    assert name is not None
    keeper.delete(name)
    assert keeper.records() == ()
    with pytest.raises(UnknownError):
        keeper.delete(name)


def test_schedule_makes_one_a_day_and_keeps_the_newest(build: Build, hands: Hands) -> None:
    keeper = build(every="day", at="03:30", keep=3)
    by_hand = ended(keeper, keeper.create()).name
    made = tended(keeper, hands, timedelta(days=5))
    assert len(made) == 3
    assert by_hand in [one.name for one in keeper.records()]
    assert keeper.trouble is None
    following = keeper.next_at()
    assert following is not None
    assert hands.now() < following <= hands.now() + timedelta(days=1)


def test_first_one_is_made_at_once_and_missed_ones_once(build: Build, hands: Hands) -> None:
    keeper = build(every="day")
    assert len(tended(keeper, hands, HOUR)) == 1
    hands.advance(timedelta(days=4))
    again = build(every="day")
    assert len(tended(again, hands, 3 * HOUR)) == 2


def test_nothing_is_made_without_a_schedule(build: Build, hands: Hands) -> None:
    keeper = build()
    assert tended(keeper, hands, timedelta(days=1)) == []
    assert keeper.next_at() is None


def test_plainly_wrong_clock_makes_none(build: Build, hands: Hands) -> None:
    keeper = build(every="day")
    hands.time = datetime(1970, 1, 2, tzinfo=timezone.utc)
    assert tended(keeper, hands, 2 * HOUR) == []


def test_failed_scheduled_backup_is_told_and_tried_again_later(
    build: Build, hands: Hands, tmp_path: Path
) -> None:
    (tmp_path / "backups").write_text("a file stands here", encoding="utf-8")
    keeper = build(every="day")
    keeper.tend()
    assert wait_for(lambda: keeper.trouble is not None)
    assert keeper.trouble is not None
    assert "this is a file" in keeper.trouble
    (tmp_path / "backups").unlink()
    hands.advance(timedelta(minutes=30))
    keeper.tend()
    assert keeper.records() == ()
    assert len(tended(keeper, hands, HOUR)) == 1
    assert keeper.trouble is None


def test_other_settings_count_at_once(build: Build, hands: Hands, tmp_path: Path) -> None:
    keeper = build()
    elsewhere = tmp_path / "elsewhere"
    keeper.go_by(BackupSection(every="day", directory=elsewhere))
    assert len(tended(keeper, hands, HOUR)) == 1
    assert list(elsewhere.glob("*.tar.gz"))
    assert not (tmp_path / "backups").exists()


def test_restore_is_laid_ready_and_can_be_taken_back(
    build: Build, store: PassageStore, tmp_path: Path, home: Path
) -> None:
    keeper = build()
    name = ended(keeper, keeper.create(media=True)).name
    assert name is not None
    wanted = store.search.latest(10).passages
    store.commit(make_update(seed=50))
    assert keeper.staged() is None
    job = ended(keeper, keeper.restore(name, configuration=True, secrets=False))
    assert (job.state, job.name) == (JobState.DONE, name)
    staged = keeper.staged()
    assert staged is not None
    assert (staged.name, staged.with_media, staged.with_configuration) == (name, True, True)
    keeper.unstage()
    assert keeper.staged() is None
    with pytest.raises(UnknownError):
        keeper.unstage()

    ended(keeper, keeper.restore(name, configuration=False, secrets=False))
    store.close()
    with PassageStore(StorageSection(directory=tmp_path / "data")) as again:
        assert again.search.latest(10).passages == wanted


def test_restore_of_a_damaged_backup_fails_and_lays_nothing_ready(build: Build) -> None:
    keeper = build()
    name = ended(keeper, keeper.create()).name
    assert name is not None
    path = keeper.file(name)
    content = path.read_bytes()
    path.write_bytes(content[:-100] + os.urandom(100))
    job = ended(keeper, keeper.restore(name, configuration=False, secrets=False))
    assert (job.state, job.code) == (JobState.FAILED, "backup_refused")
    assert keeper.staged() is None


def test_unknown_backup_is_named(build: Build) -> None:
    keeper = build()
    with pytest.raises(UnknownError):
        keeper.restore("nothing.tar.gz", configuration=False, secrets=False)
    with pytest.raises(UnknownError):
        keeper.record("nothing.tar.gz")
