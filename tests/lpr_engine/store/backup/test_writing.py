"""Backups as files: whole or not there, for their owner alone, consistent under load."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import stat
import subprocess
import tarfile
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from lpr_engine.config.sections import RetentionSection, StorageSection
from lpr_engine.model.errors import DiskFullError, StoreError
from lpr_engine.store.backup.care import Care, WorkEndedError
from lpr_engine.store.backup.unpacking import unpack
from lpr_engine.store.backup.writing import BackupOrder, write_backup
from lpr_engine.store.failures import DamagedDatabaseError
from lpr_engine.store.opening import DATABASE_NAME
from lpr_engine.store.store import PassageStore
from tests.lpr_engine.store.conftest import NOON, HeldClock, make_evidence, make_update

from .conftest import CONFIGURATION, SECRETS, BackUp, fill, pictures_of

HOUR = timedelta(hours=1)


def members(path: Path) -> dict[str, bytes]:
    with tarfile.open(path) as tar:
        files = {one.name: tar.extractfile(one) for one in tar}
        return {name: file.read() for name, file in files.items() if file is not None}


def test_backup_holds_what_was_wished_for(
    store: PassageStore, data_dir: Path, back_up: BackUp
) -> None:
    fill(store)
    found = members(back_up(secrets=True))
    assert list(found)[:4] == ["manifest.json", "configuration.yaml", "secrets.yaml", DATABASE_NAME]
    assert found["configuration.yaml"].decode() == CONFIGURATION
    assert found["secrets.yaml"].decode() == SECRETS
    pictures = {name: found[name] for name in found if name.startswith("media/")}
    assert pictures == pictures_of(data_dir)
    assert list(found)[-1] == "media.sha256"


def test_manifest_tells_the_hash_of_every_member(store: PassageStore, back_up: BackUp) -> None:
    fill(store)
    found = members(back_up(secrets=True))
    manifest = json.loads(found["manifest.json"])
    assert {one["name"]: one["sha256"] for one in manifest["members"]} == {
        name: hashlib.sha256(found[name]).hexdigest()
        for name in ("configuration.yaml", "secrets.yaml", DATABASE_NAME)
    }
    assert manifest["created_at"] == "2026-03-01T12:00:00.000Z"
    assert (manifest["contract"], manifest["version"]) == (1, "0.1.0")
    assert manifest["schema_version"] >= 2


def test_list_of_pictures_is_one_that_sha256sum_checks(
    store: PassageStore, back_up: BackUp, tmp_path: Path
) -> None:
    fill(store)
    folder = tmp_path / "unpacked"
    folder.mkdir()
    subprocess.run(["tar", "xzf", str(back_up()), "-C", str(folder)], check=True)
    checked = subprocess.run(
        ["sha256sum", "--check", "--strict", "media.sha256"],
        cwd=folder, check=True, capture_output=True, text=True,
    )  # fmt: skip
    told = checked.stdout.splitlines()
    assert len(told) == len(list((folder / "media").glob("*/*"))) > 0
    assert all(line.endswith(": OK") for line in told)


def test_without_pictures_there_are_none(store: PassageStore, back_up: BackUp) -> None:
    fill(store)
    assert list(members(back_up(media=False))) == [
        "manifest.json", "configuration.yaml", DATABASE_NAME,
    ]  # fmt: skip


def test_backup_is_for_its_owner_alone_and_nothing_is_left_beside_it(
    store: PassageStore, back_up: BackUp
) -> None:
    path = back_up(secrets=True)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_missing_and_rotten_pictures_are_left_out(
    store: PassageStore, data_dir: Path, back_up: BackUp, caplog: pytest.LogCaptureFixture
) -> None:
    fill(store)
    gone, rotten, *rest = sorted(data_dir.glob("media/*/*"))
    gone.unlink()
    rotten.write_bytes(b"x" * rotten.stat().st_size)
    found = members(back_up())
    assert {name for name in found if name.startswith("media/")} == {
        str(path.relative_to(data_dir)) for path in rest
    }
    assert "2 pictures are gone or damaged" in caplog.text


def test_backup_under_write_load_is_consistent(
    store: PassageStore, data_dir: Path, back_up: BackUp, tmp_path: Path
) -> None:
    stop = threading.Event()

    def write() -> None:
        seed = 0
        while not stop.is_set():
            seed += 10
            store.commit(make_update(seed=seed, votes=3))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        with store.media.held():
            paths = [back_up(name=f"b{number}.tar.gz") for number in range(3)]
    finally:
        stop.set()
        writer.join()
    for number, path in enumerate(paths):
        folder = tmp_path / f"unpacked{number}"
        folder.mkdir()
        unpack(path, folder, Care(folder, spare_bytes=0), pictures=True)
        with PassageStore(StorageSection(directory=folder)) as again:
            found = again.search.latest(1000).passages
            assert again.problems == ()
            assert again.depth() == len(found)
            assert all(len(again.search.readings(one.id)) == 3 for one in found)
            shown = {path for one in found for path in (one.crop, one.frame) if path}
        assert shown == set(pictures_of(folder))


def test_pictures_are_not_thrown_away_while_they_are_copied(
    storage: StorageSection, clock: HeldClock, data_dir: Path
) -> None:
    section = RetentionSection(passages_days=1, pictures_days=1)
    with PassageStore(storage, section, clock) as store:
        fill(store)
        store.acknowledge([row.sequence for row in store.pending(1000)])
        before = pictures_of(data_dir)
        store.retain()
        with store.media.held():
            for _ in range(4 * 24):
                clock.advance(HOUR)
                store.retain()
            assert store.search.latest(10).passages == ()
            assert pictures_of(data_dir) == before
        store.retain()
        assert pictures_of(data_dir) == {}


def test_ended_work_leaves_nothing(store: PassageStore, tmp_path: Path, data_dir: Path) -> None:
    fill(store)
    care = Care(tmp_path, spare_bytes=0)
    care.end()
    with pytest.raises(WorkEndedError):
        write_backup(order(data_dir), tmp_path / "b.tar.gz", care)
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_too_little_space_is_told_before_anything_is_written(
    store: PassageStore, tmp_path: Path, data_dir: Path
) -> None:
    with pytest.raises(DiskFullError, match="no space left"):
        write_backup(order(data_dir), tmp_path / "b.tar.gz", Care(tmp_path, spare_bytes=2**60))
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_damaged_database_makes_no_backup(
    store: PassageStore, tmp_path: Path, data_dir: Path
) -> None:
    evidence = make_evidence()
    for _ in range(30):
        store.commit(make_update(votes=3, evidence=evidence))
    store.close()
    content = bytearray((data_dir / DATABASE_NAME).read_bytes())
    content[8192:12288] = os.urandom(4096)
    (data_dir / DATABASE_NAME).write_bytes(content)
    with pytest.raises(DamagedDatabaseError):
        write_backup(order(data_dir), tmp_path / "b.tar.gz", Care(tmp_path, spare_bytes=0))
    assert not (tmp_path / "b.tar.gz").exists()


def test_no_database_no_backup(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="No such file"):
        write_backup(order(tmp_path), tmp_path / "b.tar.gz", Care(tmp_path, spare_bytes=0))
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real file system of one megabyte."""
    directory = tmp_path / "small"
    directory.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=1M", "tmpfs", str(directory)]
    if os.geteuid() != 0 or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("mounting a small file system needs root and the right to mount")
    yield directory
    subprocess.run(["umount", str(directory)], check=True)


def test_disk_that_is_full_meanwhile_leaves_nothing_half(
    store: PassageStore, small_disk: Path, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for seed in range(0, 100, 10):
        store.commit(make_update(evidence=make_evidence(seed, 400, 600)))
    monkeypatch.setattr(Care, "expect", lambda *_: None)
    with pytest.raises(DiskFullError, match="no space left"):
        write_backup(order(data_dir), small_disk / "b.tar.gz", Care(small_disk))
    assert list(small_disk.iterdir()) == []


def test_schema_of_the_copy_is_the_stores(store: PassageStore, back_up: BackUp) -> None:
    path = back_up()
    database = path.with_name("copy.sqlite3")
    database.write_bytes(members(path)[DATABASE_NAME])
    with closing(sqlite3.connect(database)) as connection:
        version = connection.execute("SELECT max(version) FROM schema_version").fetchone()[0]
    assert json.loads(members(path)["manifest.json"])["schema_version"] == version


def order(data_dir: Path) -> BackupOrder:
    return BackupOrder(data_dir, "engine", "0.1.0", NOON, with_media=True)
