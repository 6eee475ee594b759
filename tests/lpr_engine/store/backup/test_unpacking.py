"""A backup is refused as a whole when anything in it is not as it says."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from lpr_engine.model.backup import BackupRefusedError
from lpr_engine.model.errors import DiskFullError, StoreError
from lpr_engine.store.backup.care import Care
from lpr_engine.store.backup.tape import TapeWriter, reading
from lpr_engine.store.backup.unpacking import read_manifest, read_texts, unpack
from lpr_engine.store.backup.writing import picture_line
from lpr_engine.store.opening import DATABASE_NAME
from lpr_engine.store.schema import MIGRATIONS
from lpr_engine.store.store import PassageStore
from tests.lpr_engine.store.conftest import NOON

from .conftest import CONFIGURATION, SECRETS, BackUp, fill, pictures_of

Parts = list[tuple[str, bytes]]


def parts_of(path: Path) -> Parts:
    with reading(path, lambda _: None) as tape:
        return [(member.name, b"".join(member.pieces)) for member in tape.members()]


def write(path: Path, parts: Parts) -> None:
    with path.open("wb") as raw:
        tape = TapeWriter(raw, NOON, lambda _: None)
        for name, content in parts:
            tape.add(name, io.BytesIO(content), len(content))
        tape.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    found = tmp_path / "unpacked"
    found.mkdir()
    return found


@pytest.fixture
def backup(store: PassageStore, back_up: BackUp) -> Path:
    fill(store)
    return back_up(secrets=True)


def test_all_of_it_is_laid_out(backup: Path, folder: Path, data_dir: Path) -> None:
    manifest = unpack(backup, folder, Care(folder, spare_bytes=0), pictures=True)
    assert pictures_of(folder) == pictures_of(data_dir)
    assert (folder / "configuration.yaml").read_text(encoding="utf-8") == CONFIGURATION
    assert (folder / "secrets.yaml").read_text(encoding="utf-8") == SECRETS
    assert manifest == read_manifest(backup)
    assert sorted(path.name for path in folder.iterdir()) == [
        "configuration.yaml", DATABASE_NAME, "media", "secrets.yaml",
    ]  # fmt: skip


def test_pictures_are_checked_also_where_they_are_not_wanted(backup: Path, folder: Path) -> None:
    care = Care(folder, spare_bytes=0)
    unpack(backup, folder, care, pictures=False)
    assert not (folder / "media").exists()
    assert care.done_bytes > sum(len(content) for _, content in parts_of(backup)[4:])


def test_texts_are_read_without_the_rest(backup: Path) -> None:
    found = read_texts(backup)
    assert found == {"configuration.yaml": CONFIGURATION.encode(), "secrets.yaml": SECRETS.encode()}


def test_database_is_brought_to_this_release(backup: Path, folder: Path) -> None:
    unpack(backup, folder, Care(folder, spare_bytes=0), pictures=True)
    assert [path.name for path in folder.glob("lpr.*")] == [DATABASE_NAME]


def replaced(name: str, content: bytes) -> Callable[[Parts], Parts]:
    return lambda parts: [(one, content if one == name else old) for one, old in parts]


def renamed(name: str, other: str) -> Callable[[Parts], Parts]:
    return lambda parts: [(other if one == name else one, content) for one, content in parts]


def manifest_with(**values: Any) -> Callable[[Parts], Parts]:
    def change(parts: Parts) -> Parts:
        data = {**json.loads(parts[0][1]), **values}
        return [(parts[0][0], json.dumps(data).encode()), *parts[1:]]

    return change


def picture_named(name: str, content: bytes = b"content") -> Callable[[Parts], Parts]:
    """With one more picture, after all others, whose list names it."""

    def change(parts: Parts) -> Parts:
        *others, (list_name, listing) = parts
        return [*others, (name, content), (list_name, listing + picture_line(name))]

    return change


def honest(suffix: str = ".jpg", content: bytes = b"content") -> str:
    digest = hashlib.sha256(content).hexdigest()
    return f"media/{digest[:2]}/{digest}{suffix}"


def twice(parts: Parts) -> Parts:
    *others, picture, (name, listing) = parts
    return [*others, picture, picture, (name, listing + picture_line(picture[0]))]


def swapped(parts: Parts) -> Parts:
    *others, one, two, listing = parts
    return [*others, two, one, listing]


def without_last_picture(parts: Parts) -> Parts:
    return [*parts[:-2], parts[-1]]


BROKEN: dict[str, Callable[[Parts], Parts]] = {
    "no manifest": lambda parts: parts[1:],
    "manifest later": lambda parts: [parts[1], parts[0], *parts[2:]],
    "nothing": lambda _: [],
    "huge manifest": manifest_with(comment="x" * 100_000),
    "newer schema": manifest_with(schema_version=MIGRATIONS[-1].version + 1),
    "missing database": lambda parts: [one for one in parts if one[0] != DATABASE_NAME],
    "other database": replaced(DATABASE_NAME, b"x"),
    "other text": replaced("configuration.yaml", CONFIGURATION.replace("gate", "yard").encode()),
    "another order": lambda parts: [parts[0], parts[2], parts[1], *parts[3:]],
    "more than it says": lambda parts: [*parts, ("more", b"")],
    "a text more": lambda parts: [*parts[:3], ("home.yaml", b""), *parts[3:]],
    "no list": lambda parts: parts[:-1],
    "another list": replaced("media.sha256", b""),
    "a picture less": without_last_picture,
    "a picture twice": twice,
    "another order of pictures": swapped,
    "more pictures than it says": picture_named(honest(content=b"x" * 10**6), b"x" * 10**6),
    "a wrong picture": picture_named("media/ff/" + "f" * 64 + ".jpg"),
    "a climbing name": picture_named("media/../../../etc/cron.d/x"),
    "an absolute name": picture_named("/etc/cron.d/x"),
    "a picture of another kind": picture_named("media/ff/" + "f" * 64 + ".svg"),
    "a picture in another folder": picture_named("media/fe/" + "f" * 64 + ".jpg"),
}  # fmt: skip


@pytest.mark.parametrize("change", BROKEN.values(), ids=list(BROKEN))
def test_what_is_not_as_it_says_is_refused(
    backup: Path, folder: Path, change: Callable[[Parts], Parts]
) -> None:
    write(backup, change(parts_of(backup)))
    with pytest.raises(BackupRefusedError, match=backup.name):
        unpack(backup, folder, Care(folder, spare_bytes=0), pictures=True)
    assert {path.name for path in folder.iterdir()} <= {
        "configuration.yaml", DATABASE_NAME, "media", "secrets.yaml",
    }  # fmt: skip


def test_a_change_that_changes_nothing_is_not_refused(backup: Path, folder: Path) -> None:
    write(backup, parts_of(backup))
    manifest = unpack(backup, folder, Care(folder, spare_bytes=0), pictures=True)
    assert manifest == read_manifest(backup)
    assert (folder / DATABASE_NAME).exists()


def test_a_flipped_bit_anywhere_is_damage_and_no_trouble_of_the_disk(
    backup: Path, tmp_path: Path
) -> None:
    content, refused = backup.read_bytes(), 0
    whole = gzip.decompress(content)
    for number, place in enumerate(range(10, len(content), max(1, len(content) // 60))):
        changed = bytearray(content)
        changed[place] ^= 0x10
        backup.write_bytes(changed)
        folder = tmp_path / f"unpacked-{number}"
        folder.mkdir()
        try:
            unpack(backup, folder, Care(folder, spare_bytes=0), pictures=True)
        except BackupRefusedError as err:
            assert backup.name in str(err)
            refused += 1
        else:
            # A bit that the compression does not use.
            assert gzip.decompress(changed) == whole
    assert refused > 50


def with_database(backup: Path, content: bytes) -> None:
    """Another database whose hash the manifest tells truly."""
    parts = parts_of(backup)
    manifest = json.loads(parts[0][1])
    manifest["members"][-1] |= {
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    parts[0] = (parts[0][0], json.dumps(manifest).encode())
    write(backup, replaced(DATABASE_NAME, content)(parts))


def test_database_that_is_none_is_refused(backup: Path, folder: Path) -> None:
    with_database(backup, b"not a database" * 500)
    with pytest.raises(BackupRefusedError, match="its database cannot be used"):
        unpack(backup, folder, Care(folder, spare_bytes=0), pictures=True)


def test_damaged_database_is_refused(backup: Path, folder: Path) -> None:
    content = bytearray(dict(parts_of(backup))[DATABASE_NAME])
    content[8192:12288] = bytes(4096)
    with_database(backup, bytes(content))
    with pytest.raises(BackupRefusedError, match="its database cannot be used"):
        unpack(backup, folder, Care(folder, spare_bytes=0), pictures=True)


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TRIGGER door AFTER INSERT ON audit BEGIN DELETE FROM accounts; END",
        "CREATE VIEW door AS SELECT * FROM accounts",
    ],
)
def test_database_that_acts_by_itself_is_refused(
    backup: Path, folder: Path, tmp_path: Path, statement: str
) -> None:
    changed = tmp_path / "changed.sqlite3"
    changed.write_bytes(dict(parts_of(backup))[DATABASE_NAME])
    with closing(sqlite3.connect(changed)) as connection:
        connection.execute(statement)
    with_database(backup, changed.read_bytes())
    with pytest.raises(BackupRefusedError, match="acts by itself"):
        unpack(backup, folder, Care(folder, spare_bytes=0), pictures=True)


def test_too_little_space_is_told_before_anything_is_written(backup: Path, folder: Path) -> None:
    with pytest.raises(DiskFullError):
        unpack(backup, folder, Care(folder, spare_bytes=2**60), pictures=True)
    assert list(folder.iterdir()) == []


def test_missing_file_is_named(folder: Path) -> None:
    with pytest.raises(StoreError, match=r"gone\.tar\.gz.*No such file"):
        read_manifest(folder / "gone.tar.gz")
