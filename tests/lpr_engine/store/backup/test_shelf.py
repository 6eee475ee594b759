"""The folder of backups: what is listed, what goes, and who may work in it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from lpr_engine.model.backup import BackupBusyError, BackupRefusedError
from lpr_engine.model.errors import StoreError, UnknownError
from lpr_engine.store.backup.care import Care
from lpr_engine.store.backup.shelf import BackupShelf
from lpr_engine.store.backup.writing import BackupOrder, write_backup
from lpr_engine.store.store import PassageStore
from tests.lpr_engine.store.conftest import NOON

from .conftest import NAME, BackUp

DAY = timedelta(days=1)


@pytest.fixture
def shelf(tmp_path: Path) -> BackupShelf:
    return BackupShelf(tmp_path / "backups")


def make(shelf: BackupShelf, data_dir: Path, day: int, *, is_scheduled: bool = True) -> str:
    order = BackupOrder(data_dir, "engine", "0.1.0", NOON + day * DAY, is_scheduled=is_scheduled)
    with shelf.claimed():
        target = shelf.free_file("engine", order.created_at, is_scheduled=is_scheduled)
        write_backup(order, target, Care(shelf.directory, spare_bytes=0))
    return target.name


def names(shelf: BackupShelf) -> list[str]:
    return [record.name for record in shelf.records()]


def test_empty_or_missing_folder_has_no_backups(shelf: BackupShelf) -> None:
    assert shelf.records() == ()
    shelf.directory.mkdir()
    assert shelf.records() == ()


def test_backups_are_listed_newest_first(
    shelf: BackupShelf, store: PassageStore, back_up: BackUp, data_dir: Path
) -> None:
    path = back_up(secrets=True)
    scheduled = make(shelf, data_dir, 1)
    newer, older = shelf.records()
    assert (newer.name, newer.is_scheduled) == (scheduled, True)
    assert scheduled == "lpr-engine-20260302T120000Z-scheduled.tar.gz"
    assert (older.name, older.created_at, older.size_bytes) == (NAME, NOON, path.stat().st_size)
    assert (older.with_media, older.with_configuration, older.with_secrets) == (True, True, True)
    assert (newer.with_media, newer.with_configuration, newer.with_secrets) == (False,) * 3


def test_file_that_changed_is_read_again(
    shelf: BackupShelf, store: PassageStore, back_up: BackUp
) -> None:
    path = back_up()
    assert len(shelf.records()) == 1
    path.write_bytes(b"no backup")
    assert shelf.records() == ()
    with pytest.raises(BackupRefusedError, match="no backup"):
        shelf.record(NAME)
    with pytest.raises(BackupRefusedError):
        shelf.record(NAME)


def test_foreign_files_and_links_are_no_backups(
    shelf: BackupShelf, store: PassageStore, back_up: BackUp, tmp_path: Path
) -> None:
    path = back_up()
    outside = tmp_path / "outside.tar.gz"
    shutil.move(path, outside)
    (shelf.directory / "link.tar.gz").symlink_to(outside)
    (shelf.directory / "folder.tar.gz").mkdir()
    (shelf.directory / "foreign.tar.gz").write_bytes(b"x")
    (shelf.directory / ".hidden.tar.gz").write_bytes(outside.read_bytes())
    assert shelf.records() == ()
    for name in ("link.tar.gz", "folder.tar.gz", "../outside.tar.gz", ".hidden.tar.gz", "", "a"):
        with pytest.raises(UnknownError):
            shelf.file(name)
        with pytest.raises(UnknownError):
            shelf.remove(name)
    assert outside.exists()


def test_backup_that_was_brought_from_elsewhere_counts(
    shelf: BackupShelf, store: PassageStore, back_up: BackUp
) -> None:
    back_up().rename(shelf.directory / "my.own-name.tar.gz")
    assert names(shelf) == ["my.own-name.tar.gz"]


def test_rotation_takes_the_oldest_scheduled_ones_alone(
    shelf: BackupShelf, store: PassageStore, back_up: BackUp, data_dir: Path
) -> None:
    back_up()
    by_hand = make(shelf, data_dir, 0, is_scheduled=False)
    made = [make(shelf, data_dir, day) for day in range(5)]
    assert sorted(shelf.rotate(2)) == sorted(made[:3])
    assert sorted(names(shelf)) == sorted([NAME, by_hand, *made[3:]])
    assert shelf.rotate(2) == []


def test_names_of_one_second_differ(
    shelf: BackupShelf, store: PassageStore, data_dir: Path
) -> None:
    made = [make(shelf, data_dir, 0) for _ in range(3)]
    assert len(set(made)) == 3
    assert shelf.rotate(1) != []
    assert len(names(shelf)) == 1


def test_one_piece_of_work_at_a_time_also_over_processes(shelf: BackupShelf) -> None:
    code = (
        "import sys; from pathlib import Path;"
        "from lpr_engine.store.backup.shelf import BackupShelf\n"
        "with BackupShelf(Path(sys.argv[1])).claimed(): print('claimed', flush=True); input()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(shelf.directory)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"claimed\n"
        with pytest.raises(BackupBusyError), shelf.claimed():
            pass
        other.kill()
    with shelf.claimed():
        pass


def test_what_a_crash_left_half_made_is_removed(shelf: BackupShelf) -> None:
    shelf.directory.mkdir()
    left = shelf.directory / ".making-abc"
    left.mkdir()
    (left / "part").write_bytes(b"half")
    with shelf.claimed():
        assert not left.exists()


def test_folder_below_a_missing_one_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="gone"), BackupShelf(tmp_path / "gone" / "b").claimed():
        pass
