"""Pictures as files that are named by the hash of their content, and by nothing else."""

from __future__ import annotations

import hashlib
import logging
import os
import re
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from lpr_engine.model.errors import StoreError
from lpr_engine.store.failures import translated
from lpr_engine.store.folder import sync_directory

_LOGGER = logging.getLogger(__name__)

MEDIA_NAME = "media"
_MEDIA_PATH = re.compile(r"media/([0-9a-f]{2})/(\1[0-9a-f]{62}\.(?:jpg|webp))")
_SHARD_NAME = re.compile(r"[0-9a-f]{2}")
_TEMPORARY_SUFFIX = ".part"


@dataclass(frozen=True, slots=True)
class StoredPicture:
    """A picture on disk; `path` is relative to the store's folder and to the API's root."""

    path: str
    size_bytes: int
    is_new: bool


class MediaFolder:
    """The folder of pictures; filled by the store's jobs alone, read by anyone.

    A file without a row in the database is a stray, and is swept.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._holding = threading.Lock()
        self._holders = 0

    def put(self, content: bytes, suffix: str) -> StoredPicture:
        """Keep a picture; it is whole and on disk, name included, when this returns.

        Raises:
            DiskFullError: no space is left; nothing was kept.
            StoreError: the folder refused it.
        """
        digest = hashlib.sha256(content).hexdigest()
        path = f"{MEDIA_NAME}/{digest[:2]}/{digest}{suffix}"
        target = self._directory / path
        with translated(target):
            if target.exists() and target.stat().st_size == len(content):
                return StoredPicture(path, len(content), is_new=False)
            self._make_shard(target.parent)
            _write_atomically(target, content)
        return StoredPicture(path, len(content), is_new=True)

    def locate(self, path: str) -> Path:
        """Where a picture's file would be.

        Raises:
            StoreError: no picture has such a path.
        """
        if _MEDIA_PATH.fullmatch(path) is None:
            raise StoreError(f"not the path of a picture: {path[:120]!r}")
        return self._directory / path

    def exists(self, path: str) -> bool:
        """Whether a picture's file is there."""
        return self.locate(path).is_file()

    def read(self, path: str) -> bytes | None:
        """A picture's bytes; None when it was removed.

        Raises:
            StoreError: no picture has such a path, or the file cannot be read.
        """
        target = self.locate(path)
        with translated(target):
            try:
                return target.read_bytes()
            except FileNotFoundError:
                return None

    def remove(self, paths: Iterable[str]) -> int:
        """Delete files, as far as they go; what stays is swept later. Returns how many went."""
        return sum(self._remove(path) for path in paths if _MEDIA_PATH.fullmatch(path))

    @contextmanager
    def held(self) -> Iterator[None]:
        """Delete nothing while this lasts, so that what a copied database knows stays there."""
        with self._holding:
            self._holders += 1
        try:
            yield
        finally:
            with self._holding:
                self._holders -= 1

    def shards(self) -> list[str]:
        """The two-letter folders that are there, sorted."""
        root = self._directory / MEDIA_NAME
        if not root.is_dir():
            return []
        return sorted(
            entry.name
            for entry in root.iterdir()
            if _SHARD_NAME.fullmatch(entry.name) and entry.is_dir()
        )

    def files(self, shard: str) -> Iterator[Path]:
        """The files of one folder that are pictures by their name."""
        for entry in (self._directory / MEDIA_NAME / shard).iterdir():
            if _MEDIA_PATH.fullmatch(f"{MEDIA_NAME}/{shard}/{entry.name}"):
                yield entry

    def remove_unfinished(self, shard: str) -> None:
        """Delete what a power cut left half written in one folder."""
        for entry in (self._directory / MEDIA_NAME / shard).glob(f"*{_TEMPORARY_SUFFIX}"):
            _unlink(entry)

    def _remove(self, path: str) -> bool:
        with self._holding:
            return not self._holders and _unlink(self._directory / path)

    def _make_shard(self, shard: Path) -> None:
        if shard.is_dir():
            return
        shard.mkdir(parents=True, exist_ok=True)
        sync_directory(shard.parent)
        sync_directory(self._directory)


def _unlink(target: Path) -> bool:
    try:
        target.unlink(missing_ok=True)
    except OSError as err:
        _LOGGER.warning("cannot remove %s: %s", target.name, err.strerror)
        return False
    return True


def _write_atomically(target: Path, content: bytes) -> None:
    # Two threads may write the same content at once.
    temporary = target.with_name(f"{target.name}.{threading.get_ident()}{_TEMPORARY_SUFFIX}")
    try:
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_directory(target.parent)
