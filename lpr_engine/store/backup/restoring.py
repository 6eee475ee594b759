"""The laid-out backup and what is there change places, at a start, before anything is opened.

Each step can be done again after a power cut in its middle: whatever was reached, the next start
goes on from there. Nothing is deleted; what was there before lies in `before-restore-...`.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from lpr_engine.model.backup import Admission
from lpr_engine.store.backup.admission import settle, settled
from lpr_engine.store.backup.manifest import SECRETS_NAME
from lpr_engine.store.backup.staging import ASIDE_PREFIX, RestoreOrder, Staging
from lpr_engine.store.damage import clear_suspicion
from lpr_engine.store.failures import translated
from lpr_engine.store.folder import claim_directory, create_private, sync_directory
from lpr_engine.store.media import MEDIA_NAME, MediaFolder
from lpr_engine.store.opening import DATABASE_NAME


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back, and where what was there before lies."""

    order: RestoreOrder
    aside: Path
    admission: Admission

    def __str__(self) -> str:
        """What happened, in words."""
        return (
            f"{self.order.backup} is back; what was there before lies in {self.aside};"
            f" {self.admission}; everybody has to sign in anew"
        )


def restore_if_ordered(data_dir: Path) -> Restored | None:
    """Claim the store's folder and put back what is laid ready in it, if anything is.

    Raises:
        StoreError: another engine uses the folder, or it refuses a step; the next try goes on.
    """
    if not Staging(data_dir).folder.is_dir():
        return None
    descriptor = claim_directory(data_dir)
    try:
        return put_back(data_dir)
    finally:
        os.close(descriptor)


def put_back(data_dir: Path) -> Restored | None:
    """Within a claimed folder: put back what is laid ready, clear what an interruption left.

    Raises:
        DiskFullError: there is no space for a step; the next try goes on from there.
        StoreError: the folder refuses a step; the next try goes on from there.
    """
    staging = Staging(data_dir)
    order = staging.ordered()
    if order is None:
        staging.clear()
        return None
    aside = data_dir / order.aside
    with translated(data_dir):
        aside.mkdir(mode=0o700, exist_ok=True)
        sync_directory(data_dir)
        admission = _settle(staging.folder, data_dir, order)
        _exchange_database(staging.folder, data_dir, aside)
        if order.with_media:
            _exchange_media(staging.folder, data_dir, aside)
        else:
            _set_unknown_pictures_aside(data_dir, aside)
        _exchange_texts(order, staging, aside)
        sync_directory(aside)
        sync_directory(data_dir)
    staging.clear()
    return Restored(order, aside, admission)


def set_aside(data_dir: Path) -> list[Path]:
    """The databases that restores took the place of, oldest first."""
    return sorted(data_dir.glob(f"{ASIDE_PREFIX}*/{DATABASE_NAME}"))


def _settle(staged: Path, data_dir: Path, order: RestoreOrder) -> Admission:
    """Have the database let in whom it should before it takes its place, where it does not yet."""
    if (staged / DATABASE_NAME).exists():
        return settle(staged / DATABASE_NAME, data_dir / DATABASE_NAME, order)
    return settled(data_dir / DATABASE_NAME, order) or order.foreseen


def _exchange_database(staged: Path, data_dir: Path, aside: Path) -> None:
    if not (staged / DATABASE_NAME).exists():
        return
    # The log first, since SQLite drops a log whose database is another one.
    for name in (f"{DATABASE_NAME}-wal", f"{DATABASE_NAME}-shm", DATABASE_NAME):
        if (data_dir / name).exists():
            (data_dir / name).rename(aside / name)
    sync_directory(aside)
    clear_suspicion(data_dir / DATABASE_NAME)
    sync_directory(data_dir)
    (staged / DATABASE_NAME).rename(data_dir / DATABASE_NAME)
    sync_directory(data_dir)
    sync_directory(staged)


def _exchange_media(staged: Path, data_dir: Path, aside: Path) -> None:
    if not (staged / MEDIA_NAME).exists():
        return
    current = data_dir / MEDIA_NAME
    if current.exists():
        current.rename(aside / MEDIA_NAME)
    (staged / MEDIA_NAME).rename(current)


def _set_unknown_pictures_aside(data_dir: Path, aside: Path) -> None:
    """Pictures that the restored database does not know would be swept: they stay with theirs."""
    media = MediaFolder(data_dir)
    uri = f"{(data_dir / DATABASE_NAME).resolve().as_uri()}?mode=ro&immutable=1"
    with closing(sqlite3.connect(uri, uri=True)) as connection:
        for shard in media.shards():
            known = _known_in(connection, shard)
            unknown = [path for path in media.files(shard) if path.name not in known]
            for path in unknown:
                target = aside / MEDIA_NAME / shard / path.name
                target.parent.mkdir(parents=True, exist_ok=True)
                path.rename(target)


def _known_in(connection: sqlite3.Connection, shard: str) -> set[str]:
    folder = f"{MEDIA_NAME}/{shard}/"
    rows = connection.execute(
        "SELECT path FROM media WHERE path >= ? AND path < ?", (folder, f"{MEDIA_NAME}/{shard}0")
    )
    return {path.removeprefix(folder) for (path,) in rows}


def _exchange_texts(order: RestoreOrder, staging: Staging, aside: Path) -> None:
    for staged, target in _texts(order, staging):
        if not staged.exists():
            continue
        kept = aside / target.name
        if target.exists() and not kept.exists():
            _write(kept, target.read_bytes(), target)
        _write(target, staged.read_bytes(), target)
        staged.unlink()
        sync_directory(staging.folder)


def _texts(order: RestoreOrder, staging: Staging) -> Iterator[tuple[Path, Path]]:
    if order.secrets is not None:
        yield staging.folder / SECRETS_NAME, order.secrets
    if order.configuration is not None:
        for staged in staging.folder.glob("configuration.*"):
            yield staged, order.configuration.resolve()


def _write(target: Path, content: bytes, like: Path) -> None:
    """Write whole or not at all, with the mode of another file if that is there."""
    part = target.with_name(f".{target.name}.part")
    with translated(target):
        part.unlink(missing_ok=True)
        with create_private(part) as file:
            file.write(content)
            file.flush()
            if like.exists():
                shutil.copymode(like, part)
            os.fsync(file.fileno())
        part.replace(target)
        sync_directory(target.parent)
