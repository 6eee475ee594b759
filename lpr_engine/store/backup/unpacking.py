"""A backup checked from its first byte to its last, and laid out in a folder of its own."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

from lpr_engine.model.backup import BackupRefusedError
from lpr_engine.model.errors import DiskFullError, StoreError
from lpr_engine.store.backup.care import Care
from lpr_engine.store.backup.database_copy import check_whole
from lpr_engine.store.backup.manifest import (
    MANIFEST_NAME,
    MAX_MANIFEST_BYTES,
    MAX_PICTURE_BYTES,
    MAX_TEXT_BYTES,
    PICTURE_LIST_NAME,
    Manifest,
    Member,
)
from lpr_engine.store.backup.tape import TapeMember, reading
from lpr_engine.store.backup.writing import picture_line
from lpr_engine.store.failures import translated
from lpr_engine.store.media import MEDIA_NAME
from lpr_engine.store.migration import check_nothing_acts
from lpr_engine.store.opening import DATABASE_NAME, open_checked
from lpr_engine.store.schema import MIGRATIONS

_PICTURE = re.compile(rf"{MEDIA_NAME}/([0-9a-f]{{2}})/(\1[0-9a-f]{{62}})\.(?:jpg|webp)")


def read_manifest(path: Path) -> Manifest:
    """What a backup says of itself, from its beginning alone.

    Raises:
        BackupRefusedError: the file is no backup.
        StoreError: it cannot be read.
    """
    with translated(path), reading(path, _nothing) as tape:
        return _manifest(tape.members())


def read_texts(path: Path) -> dict[str, bytes]:
    """The configuration and secrets in a backup, which stand before its database.

    Raises:
        BackupRefusedError: the file is no backup, or one of them is damaged.
        StoreError: it cannot be read.
    """
    found: dict[str, bytes] = {}
    with translated(path), reading(path, _nothing) as tape:
        members = tape.members()
        for wanted in _manifest(members).members:
            member = next(members, None)
            _compare(wanted, member)
            if member is None or wanted.name == DATABASE_NAME:
                break
            found[wanted.name] = b"".join(member.pieces)
            if hashlib.sha256(found[wanted.name]).hexdigest() != wanted.sha256:
                raise BackupRefusedError(f"{wanted.name} is damaged")
    return found


def unpack(path: Path, folder: Path, care: Care, *, pictures: bool) -> Manifest:
    """Check all of a backup and lay it out in an empty folder, `pictures` only where wished for.

    The database is brought to this release's schema. Nothing is synchronised to the disk yet.

    Raises:
        BackupRefusedError: the file is no backup, is damaged, or of a newer release.
        DiskFullError: there is no space for it.
        WorkEndedError: the work was ended.
        StoreError: it cannot be read, or the folder refuses it.
    """
    with translated(path), reading(path, care.note) as tape:
        members = tape.members()
        manifest = _manifest(members)
        if manifest.schema_version > MIGRATIONS[-1].version:
            raise BackupRefusedError("it was made by a newer release")
        care.expect(manifest.total_bytes - (0 if pictures else manifest.media_bytes or 0))
        _Unpacking(folder, pictures=pictures).take(manifest, members)
    _check_database(path, folder / DATABASE_NAME)
    return manifest


class _Unpacking:
    """One backup on its way into its folder."""

    def __init__(self, folder: Path, *, pictures: bool) -> None:
        self._folder = folder
        self._keeps_pictures = pictures

    def take(self, manifest: Manifest, members: Iterator[TapeMember]) -> None:
        for wanted in manifest.members:
            self._take_named(wanted, next(members, None))
        if manifest.media_bytes is not None:
            self._take_pictures(manifest.media_bytes, members)
        if next(members, None) is not None:
            raise BackupRefusedError("it holds more than its manifest says")

    def _take_named(self, wanted: Member, found: TapeMember | None) -> None:
        _compare(wanted, found)
        if found is not None and self._keep(found, self._folder / wanted.name) != wanted.sha256:
            raise BackupRefusedError(f"{wanted.name} is damaged")

    def _take_pictures(self, most_bytes: int, members: Iterator[TapeMember]) -> None:
        if self._keeps_pictures:
            (self._folder / MEDIA_NAME).mkdir()
        listing, before, left_bytes = hashlib.sha256(), "", most_bytes
        for member in members:
            if member.name == PICTURE_LIST_NAME:
                _check_listing(member, listing.hexdigest())
                return
            left_bytes -= member.size_bytes
            if member.name <= before or left_bytes < 0:
                raise BackupRefusedError("its pictures are more, or in another order, than it says")
            before = member.name
            self._take_picture(member)
            listing.update(picture_line(member.name))
        raise BackupRefusedError("the list of its pictures is missing")

    def _take_picture(self, member: TapeMember) -> None:
        # Also what keeps a name from leading out of the folder.
        match = _PICTURE.fullmatch(member.name)
        if match is None or member.size_bytes > MAX_PICTURE_BYTES:
            raise BackupRefusedError("it holds something that is no picture")
        target = self._folder / member.name
        if self._keeps_pictures:
            target.parent.mkdir(exist_ok=True)
        if self._keep(member, target if self._keeps_pictures else None) != match[2]:
            raise BackupRefusedError(f"{member.name} is damaged")

    def _keep(self, member: TapeMember, target: Path | None) -> str:
        """Write a member, or only look at it; returns its hash."""
        digest = hashlib.sha256()
        if target is None:
            for piece in member.pieces:
                digest.update(piece)
            return digest.hexdigest()
        with translated(target), target.open("xb") as file:
            for piece in member.pieces:
                digest.update(piece)
                file.write(piece)
        return digest.hexdigest()


def _manifest(members: Iterator[TapeMember]) -> Manifest:
    first = next(members, None)
    if first is None or first.name != MANIFEST_NAME or first.size_bytes > MAX_MANIFEST_BYTES:
        raise BackupRefusedError("it does not begin with a manifest")
    return Manifest.from_json(b"".join(first.pieces))


def _compare(wanted: Member, found: TapeMember | None) -> None:
    if found is None or found.name != wanted.name or found.size_bytes != wanted.size_bytes:
        raise BackupRefusedError(f"{wanted.name} is not there as its manifest says")
    if wanted.name != DATABASE_NAME and wanted.size_bytes > MAX_TEXT_BYTES:
        raise BackupRefusedError(f"{wanted.name} is larger than it may be")


def _check_listing(member: TapeMember, wanted: str) -> None:
    digest = hashlib.sha256()
    for piece in member.pieces:
        digest.update(piece)
    if digest.hexdigest() != wanted:
        raise BackupRefusedError("its pictures are not those of its list")


def _check_database(backup: Path, database: Path) -> None:
    try:
        check_whole(database)
        opened = open_checked(database)
        try:
            check_nothing_acts(opened)
        finally:
            opened.close()
    except DiskFullError:
        raise
    except StoreError as err:
        # The path of the unpacked file would tell nobody anything.
        reason = str(err).removeprefix(f"{database}: ")
        raise BackupRefusedError(f"{backup.name}: its database cannot be used: {reason}") from err


def _nothing(_size_bytes: int) -> None:
    """Nobody wants to know."""
