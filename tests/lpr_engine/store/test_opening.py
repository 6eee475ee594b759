"""Opening a folder: what is damaged is moved aside and said, what is foreign is refused."""

from __future__ import annotations

import logging
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from lpr_engine.config.sections import StorageSection
from lpr_engine.model.errors import StoreError
from lpr_engine.store.folder import claim_directory
from lpr_engine.store.opening import DATABASE_NAME, open_database
from lpr_engine.store.store import PassageStore

from .conftest import NOON, HeldClock, make_update

PAGE = 4096


def overwrite_with_garbage(path: Path) -> None:
    path.write_bytes(b"this was a database once " * 1000)


def cut_in_half(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2 + 100])


def keep_a_few_bytes(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:50])


def flip_pages(path: Path) -> None:
    content = bytearray(path.read_bytes())
    for start in range(PAGE, len(content), PAGE):
        content[start : start + PAGE] = bytes(byte ^ 0xFF for byte in content[start : start + PAGE])
    path.write_bytes(content)


def make_header_read_only(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[18] = 9
    path.write_bytes(content)


def lose_version_table(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TABLE schema_version")


def lose_a_column(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("ALTER TABLE readings RENAME COLUMN quality TO qualitx")


DAMAGES = [
    overwrite_with_garbage,
    cut_in_half,
    keep_a_few_bytes,
    flip_pages,
    make_header_read_only,
    lose_version_table,
    lose_a_column,
]


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_damaged_database_is_moved_aside_and_a_new_one_begun(
    damage: Callable[[Path], None],
    open_store: Callable[[], PassageStore],
    storage: StorageSection,
    caplog: pytest.LogCaptureFixture,
) -> None:
    first = open_store()
    old = [first.commit(make_update(seed=seed)) for seed in range(5)]
    first.close()
    path = storage.directory / DATABASE_NAME
    damage(path)
    damaged_content = path.read_bytes()

    again = open_store()

    aside = path.with_name("lpr.sqlite3.damaged-20260301T120000Z")
    assert aside.read_bytes() == damaged_content
    assert len(again.problems) == 1
    assert aside.name in again.problems[0]
    assert [r.getMessage() for r in caplog.records if r.levelno == logging.ERROR] == [
        again.problems[0]
    ]
    kept = again.commit(make_update(seed=9))
    assert again.search.latest(10).passages == (kept,)
    assert all(again.media.exists(passage.crop or "") for passage in old)


def test_write_ahead_log_moves_with_its_database(tmp_path: Path) -> None:
    path = tmp_path / DATABASE_NAME
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).write_bytes(b"garbage" * 1000)

    opened = open_database(tmp_path, NOON)
    opened.database.close()

    assert opened.moved_aside is not None
    for suffix in ("", "-wal", "-shm"):
        aside = opened.moved_aside.with_name(opened.moved_aside.name + suffix)
        assert aside.read_bytes().startswith(b"garbage")


def test_second_damage_in_the_same_second_gets_its_own_name(tmp_path: Path) -> None:
    names = set()
    for _ in range(3):
        overwrite_with_garbage(tmp_path / DATABASE_NAME)
        opened = open_database(tmp_path, NOON)
        opened.database.close()
        names.add(opened.moved_aside)

    assert len(names) == 3
    assert all(name is not None and name.exists() for name in names)


def test_sequence_goes_on_after_damage_where_the_old_file_still_tells_it(
    open_store: Callable[[], PassageStore], storage: StorageSection
) -> None:
    first = open_store()
    for seed in range(5):
        first.commit(make_update(seed=seed))
    first.close()
    lose_a_column(storage.directory / DATABASE_NAME)

    beyond_what_the_log_may_have_held = 10_005
    assert open_store().commit(make_update()).sequence == beyond_what_the_log_may_have_held + 1


def test_sequence_begins_anew_where_nothing_can_be_read(
    open_store: Callable[[], PassageStore], storage: StorageSection
) -> None:
    open_store().close()
    overwrite_with_garbage(storage.directory / DATABASE_NAME)

    assert open_store().commit(make_update()).sequence == 1


def test_empty_file_is_a_new_database(tmp_path: Path) -> None:
    (tmp_path / DATABASE_NAME).touch()

    opened = open_database(tmp_path, NOON)
    opened.database.close()

    assert opened.moved_aside is None


def test_damage_found_at_run_time_is_shown_and_healed_by_a_restart(
    open_store: Callable[[], PassageStore], storage: StorageSection
) -> None:
    store = open_store()
    for seed in range(3):
        # More than SQLite keeps in memory.
        store.commit(make_update(seed=seed, votes=20_000))
    store.close()
    store = open_store()
    path = storage.directory / DATABASE_NAME
    # The pages change under a running store, as on a dying card.
    flip_pages(path)

    with pytest.raises(StoreError, match="malformed"):
        for seed in range(30):
            store.commit(make_update(seed=seed))

    assert "the database is damaged" in store.problems[0]
    again = open_store()
    assert "a new one was begun" in again.problems[0]
    assert again.commit(make_update()).revision == 1


def test_database_of_another_program_is_refused_and_left_alone(
    storage: StorageSection,
) -> None:
    storage.directory.mkdir()
    path = storage.directory / DATABASE_NAME
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")
    before = path.read_bytes()

    with pytest.raises(StoreError, match="another program's database"):
        PassageStore(storage).open()

    assert path.read_bytes() == before


def test_database_locked_by_another_program_is_not_taken_for_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lpr_engine.store.opening._BUSY_TIMEOUT_MS", 1)
    path = tmp_path / DATABASE_NAME
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("CREATE TABLE kept (name TEXT)")
        connection.execute("BEGIN EXCLUSIVE")

        with pytest.raises(StoreError, match="locked"):
            open_database(tmp_path, NOON)

    assert list(tmp_path.glob("*.damaged-*")) == []


@pytest.fixture
def read_only_directory(tmp_path: Path) -> Iterator[Path]:
    """A file system that nobody can write to, root neither."""
    directory = tmp_path / "sealed"
    directory.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "ro,size=1m", "tmpfs", str(directory)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        directory.chmod(0o500)
        if _can_write(directory):
            pytest.skip("neither mounting nor taking away permissions is possible here")
    yield directory
    if mounted.returncode == 0:
        subprocess.run(["umount", str(directory)], check=True)
    directory.chmod(0o700)


def _can_write(directory: Path) -> bool:
    try:
        (directory / "probe").touch()
    except OSError:
        return False
    return True


def test_read_only_folder_is_named(read_only_directory: Path) -> None:
    with pytest.raises(StoreError, match="sealed"):
        PassageStore(StorageSection(directory=read_only_directory)).open()


def test_database_name_taken_by_a_folder_is_refused(storage: StorageSection) -> None:
    (storage.directory / DATABASE_NAME).mkdir(parents=True)

    with pytest.raises(StoreError, match="unable to open"):
        PassageStore(storage).open()


def test_folder_is_free_again_after_a_failed_opening(storage: StorageSection) -> None:
    (storage.directory / DATABASE_NAME).mkdir(parents=True)
    with pytest.raises(StoreError):
        PassageStore(storage).open()
    (storage.directory / DATABASE_NAME).rmdir()

    with PassageStore(storage, clock=HeldClock()) as store:
        assert store.depth() == 0


def test_claim_names_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"lpr\.lock"):
        claim_directory(tmp_path / "gone")


def test_committed_means_synchronised(tmp_path: Path) -> None:
    opened = open_database(tmp_path, NOON)
    with closing(opened.database.connection) as connection:
        settings = {
            name: connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }

    full = 2
    assert settings == {"journal_mode": "wal", "synchronous": full, "foreign_keys": 1}
