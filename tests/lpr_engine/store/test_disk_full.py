"""A disk that is full refuses whole commits, says so once, and heals."""

from __future__ import annotations

import logging
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from lpr_engine.config.sections import StorageSection
from lpr_engine.model.errors import DiskFullError
from lpr_engine.model.passage import Passage
from lpr_engine.model.vehicle import Vehicle
from lpr_engine.model.vehicle_import import ImportRow
from lpr_engine.store.store import PassageStore

from .conftest import HeldClock, make_evidence, make_update

SIZE = 3 * 1024 * 1024


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real file system of three megabytes, one of them taken by a ballast file."""
    directory = tmp_path / "small"
    directory.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(directory)]
    if os.geteuid() != 0 or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("mounting a small file system needs root and the right to mount")
    (directory / "ballast").write_bytes(bytes(1024 * 1024))
    yield directory
    subprocess.run(["umount", str(directory)], check=True)


def fill(store: PassageStore, height: int, width: int) -> list[Passage]:
    """Commit pictures of one size until the disk refuses the same one again and again."""
    kept: list[Passage] = []
    refused = 0
    while refused < 4:
        update = make_update(evidence=make_evidence(len(kept) * 10, height, width))
        try:
            kept.append(store.commit(update))
        except DiskFullError:
            refused += 1
    return kept


def assert_nothing_half_kept(store: PassageStore, directory: Path, kept: list[Passage]) -> None:
    assert [row.passage for row in store.pending(100_000)] == kept
    assert len(store.search.latest(1000).passages) == min(len(kept), 1000)
    files = {str(path.relative_to(directory)) for path in directory.glob("media/*/*")}
    assert files == {path for one in kept for path in (one.crop, one.frame)}


@pytest.mark.parametrize(
    ("height", "width"), [(400, 600), (8, 8)], ids=["by pictures", "by the database"]
)
def test_full_disk_refuses_whole_commits_and_heals(
    small_disk: Path, height: int, width: int, caplog: pytest.LogCaptureFixture
) -> None:
    directory = small_disk / "data"
    storage = StorageSection(directory=directory, keep_frames=True)
    with PassageStore(storage, clock=HeldClock()) as store:
        kept = fill(store, height, width)
        assert kept
        assert_nothing_half_kept(store, directory, kept)
        assert len(store.problems) == 1
        assert "no space left" in store.problems[0]
        assert [r.levelno for r in caplog.records] == [logging.ERROR]

        (small_disk / "ballast").unlink()
        kept = [row.passage for row in store.pending(100_000)]
        kept.append(store.commit(make_update(seed=5)))

        assert store.problems == ()
        assert caplog.messages[-1].startswith("over: ")
        assert_nothing_half_kept(store, directory, kept)
        assert [one.sequence for one in kept] == list(range(1, len(kept) + 1))


def test_outbox_drains_on_a_full_disk(small_disk: Path) -> None:
    with PassageStore(StorageSection(directory=small_disk / "data"), clock=HeldClock()) as store:
        fill(store, 400, 600)
        waiting = [row.sequence for row in store.pending(3)]

        store.mark_attempted(waiting)
        store.acknowledge(waiting)

        assert waiting[0] not in [row.sequence for row in store.pending(3)]


def test_full_disk_at_the_start_is_named_and_loses_nothing(small_disk: Path) -> None:
    storage = StorageSection(directory=small_disk / "data")
    crumb = small_disk / "crumb"
    crumb.write_bytes(bytes(512 * 1024))
    with PassageStore(storage, clock=HeldClock()) as store:
        kept = fill(store, 400, 600)
        # Room for the log to be folded into the file, so that the next start needs a new one.
        crumb.unlink()
    with (small_disk / "filler").open("wb", buffering=0) as filler, pytest.raises(OSError):
        while True:
            filler.write(bytes(4096))

    with pytest.raises(DiskFullError):
        PassageStore(storage).open()

    (small_disk / "filler").unlink()
    with PassageStore(storage, clock=HeldClock()) as store:
        assert store.problems == ()
        assert [row.passage for row in store.pending(1000)] == kept


def test_retention_notices_that_there_is_space_again(
    store: PassageStore, storage: StorageSection
) -> None:
    limit_pages(store)
    fill(store, 8, 8)
    assert len(store.problems) == 1

    store.retain()

    assert store.problems == ()


def limit_pages(store: PassageStore) -> None:
    """Have SQLite itself refuse to grow, which needs no rights."""
    store._thread.call(
        lambda database: database.rows(
            f"PRAGMA max_page_count = {database.rows('PRAGMA page_count')[0][0] + 4}"
        )
    )


def test_database_that_cannot_grow_refuses_whole_commits_and_heals(
    store: PassageStore, storage: StorageSection, caplog: pytest.LogCaptureFixture
) -> None:
    limit_pages(store)
    kept = fill(store, 8, 8)
    assert_nothing_half_kept(store, storage.directory, kept)
    assert len(store.problems) == 1

    store._thread.call(lambda database: database.rows("PRAGMA max_page_count = 100000"))
    kept.append(store.commit(make_update(seed=5)))

    assert store.problems == ()
    assert_nothing_half_kept(store, storage.directory, kept)
    assert [one.sequence for one in kept] == list(range(1, len(kept) + 1))
    assert len(caplog.records) == 2


def test_table_that_the_disk_has_no_room_for_leaves_nothing(small_disk: Path) -> None:
    def rows(count: int) -> list[ImportRow]:
        return [
            ImportRow(line, Vehicle("", f"A{line}", "x" * 100, frozenset()), frozenset({"text"}))
            for line in range(count)
        ]

    with PassageStore(StorageSection(directory=small_disk / "data"), clock=HeldClock()) as store:
        books = store.books
        books.vehicle_import.take_in(rows(1), skip_bad=False)
        with pytest.raises(DiskFullError):
            books.vehicle_import.take_in(rows(20_000), skip_bad=True)

        assert [one.text for one in books.register.register().vehicles] == ["A0"]
        assert len(books.vehicle_import.plan(rows(50)).good) == 50
        (small_disk / "ballast").unlink()
        assert books.vehicle_import.take_in(rows(50), skip_bad=False).written
        store.commit(make_update())
        assert store.problems == ()
