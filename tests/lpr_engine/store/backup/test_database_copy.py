"""Copies of the database: whole, in one file, taken beside the writer."""

from __future__ import annotations

import os
import shutil
import stat
import threading
from pathlib import Path

import pytest

from lpr_engine.config.sections import StorageSection
from lpr_engine.model.errors import StoreError
from lpr_engine.store.backup.database_copy import back_up, check_whole
from lpr_engine.store.database import Database
from lpr_engine.store.failures import DamagedDatabaseError
from lpr_engine.store.opening import DATABASE_NAME
from lpr_engine.store.store import PassageStore
from tests.lpr_engine.store.conftest import make_evidence, make_update


def restored(copy: Path, directory: Path) -> PassageStore:
    directory.mkdir()
    shutil.copy(copy, directory / DATABASE_NAME)
    return PassageStore(StorageSection(directory=directory))


def test_copy_can_be_opened_as_a_store(store: PassageStore, tmp_path: Path) -> None:
    kept = store.commit(make_update())
    copy = tmp_path / "copy.sqlite3"

    store.back_up(copy)
    store.commit(make_update(seed=5))

    with restored(copy, tmp_path / "restored") as again:
        assert again.problems == ()
        assert again.search.latest(5).passages == (kept,)
        assert [row.passage for row in again.pending(5)] == [kept]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy.sqlite3", "data", "restored"]


def test_copies_beside_the_writer_hold_whole_commits(store: PassageStore, tmp_path: Path) -> None:
    evidence = make_evidence()
    writer = threading.Thread(
        target=lambda: [store.commit(make_update(votes=3, evidence=evidence)) for _ in range(30)]
    )
    writer.start()
    copies = [tmp_path / f"copy{number}" for number in range(5)]
    for copy in copies:
        store.back_up(copy)
    writer.join()

    for copy in copies:
        with restored(copy, tmp_path / f"restored-{copy.name}") as again:
            found = again.search.latest(100).passages
            assert len(found) == again.depth()
            assert all(len(again.search.readings(one.id)) == 3 for one in found)


def test_failed_copy_leaves_the_one_before(tmp_path: Path) -> None:
    copy = tmp_path / "copy.sqlite3"
    copy.write_text("yesterday's")

    with pytest.raises(StoreError):
        back_up(tmp_path / "gone.sqlite3", copy)

    assert copy.read_text() == "yesterday's"
    assert list(tmp_path.iterdir()) == [copy]


def test_missing_folder_for_the_copy_is_named(store: PassageStore, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"gone.*No such file"):
        store.back_up(tmp_path / "gone" / "copy")


def test_nobody_is_signed_in_in_a_copy(store: PassageStore, tmp_path: Path) -> None:
    def sign_in(database: Database) -> None:
        with database.transaction() as connection:
            connection.execute(
                "INSERT INTO accounts VALUES ('a', 'Anna', 'anna', 'admin', 'hash', 0, 0, NULL)"
            )
            connection.execute(
                "INSERT INTO sessions VALUES ('s', 'a-digest-that-opens', 'a', 0, 1, 0, '', '')"
            )

    store._thread.call(sign_in)
    copy = tmp_path / "copy.sqlite3"
    store.back_up(copy)
    assert b"a-digest-that-opens" not in copy.read_bytes()
    assert store._thread.call(lambda database: database.rows("SELECT * FROM sessions"))


def test_copy_is_for_its_owner_alone(store: PassageStore, tmp_path: Path) -> None:
    copy = tmp_path / "copy.sqlite3"
    store.back_up(copy)
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600


def test_copy_that_is_ended_leaves_nothing(store: PassageStore, tmp_path: Path) -> None:
    def ended(_size_bytes: int) -> None:
        raise StoreError("the engine stops")

    with pytest.raises(StoreError, match="the engine stops"):
        back_up(store.media._directory / DATABASE_NAME, tmp_path / "copy", ended)
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_damaged_copy_is_told(store: PassageStore, tmp_path: Path) -> None:
    evidence = make_evidence()
    for _ in range(30):
        store.commit(make_update(votes=3, evidence=evidence))
    copy = tmp_path / "copy.sqlite3"
    store.back_up(copy)
    check_whole(copy)
    content = bytearray(copy.read_bytes())
    content[8192:12288] = os.urandom(4096)
    copy.write_bytes(content)
    with pytest.raises(DamagedDatabaseError):
        check_whole(copy)
