"""Stores with something in them, and backups of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from lpr_engine.config.sections import StorageSection
from lpr_engine.model.passage import Passage, Stage
from lpr_engine.model.vehicle import Vehicle
from lpr_engine.store.backup.care import Care
from lpr_engine.store.backup.writing import BackupOrder, write_backup
from lpr_engine.store.store import PassageStore
from tests.lpr_engine.store.conftest import NOON, make_passage, make_update

CONFIGURATION = "cameras: [{id: gate, source: 'rtsp://joe:geheim@h/1'}]\n"
SECRETS = "pw: geheim\n"
NAME = "lpr-engine-20260301T120000Z-manual.tar.gz"

BackUp = Callable[..., Path]


@dataclass(frozen=True)
class Contents:
    """All of a store that a backup promises to bring back."""

    passages: tuple[Passage, ...]
    vehicles: tuple[Vehicle, ...]
    waiting: tuple[Passage, ...]
    pictures: dict[str, bytes]


def contents_of(store: PassageStore, data_dir: Path) -> Contents:
    passages = store.search.latest(1000).passages
    return Contents(
        passages=passages,
        vehicles=store.books.register.register().vehicles,
        waiting=tuple(row.passage for row in store.pending(1000)),
        pictures=pictures_of(data_dir),
    )


def pictures_of(data_dir: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(data_dir)): path.read_bytes()
        for path in sorted(data_dir.glob("media/*/*"))
    }


def fill(store: PassageStore, seed: int = 0, count: int = 5) -> None:
    """Some passages with pictures, in two revisions, and a vehicle."""
    for number in range(count):
        preview = make_passage(text=f"AB{seed + number}")
        store.commit(make_update(preview, seed=seed + number * 10))
        final = replace(preview, revision=2, stage=Stage.FINAL)
        store.commit(make_update(final, seed=seed + number * 10, votes=3))
    store.books.vehicles.add(Vehicle(f"v{seed}", f"AB{seed}", "Anna", lists=frozenset({"allow"})))


@pytest.fixture
def data_dir(storage: StorageSection) -> Path:
    return storage.directory


@pytest.fixture
def back_up(tmp_path: Path, data_dir: Path) -> BackUp:
    """Make a backup of this test's store."""
    home = tmp_path / "home"
    home.mkdir()
    (home / "home.yaml").write_text(CONFIGURATION, encoding="utf-8")
    (home / "secrets.yaml").write_text(SECRETS, encoding="utf-8")
    shelf = tmp_path / "backups"

    def make(*, media: bool = True, secrets: bool = False, name: str = NAME) -> Path:
        shelf.mkdir(exist_ok=True)
        order = BackupOrder(
            data_dir=data_dir,
            engine="engine",
            version="0.1.0",
            created_at=NOON,
            configuration=home / "home.yaml",
            secrets=home / "secrets.yaml" if secrets else None,
            with_media=media,
        )
        write_backup(order, shelf / name, Care(shelf, spare_bytes=0))
        return shelf / name

    return make
