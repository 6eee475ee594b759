"""Copies of the database: whole, in one file, taken beside the writer."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

import pytest

from lpr_engine.config.sections import StorageSection
from lpr_engine.model.errors import StoreError
from lpr_engine.store.backup import back_up
from lpr_engine.store.opening import DATABASE_NAME
from lpr_engine.store.store import PassageStore

from .conftest import make_evidence, make_update


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
    with pytest.raises(StoreError, match="unable to open"):
        store.back_up(tmp_path / "gone" / "copy")
