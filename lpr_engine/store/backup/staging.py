"""A checked backup laid ready beside what is there, until the next start lets them change places.

Everything lies in the folder `restore` of the store's folder. What counts is its last file,
`restore.json`: without it the folder is the leftover of an interruption, with it all is ready.
"""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

from lpr_engine.model.backup import AccessSource, Admission, StagedRestore
from lpr_engine.model.contract import JsonObject, format_time, parse_time
from lpr_engine.model.errors import StoreError, UnknownError
from lpr_engine.store.backup.care import Care
from lpr_engine.store.backup.manifest import CONFIGURATION_NAMES, SECRETS_NAME, Manifest
from lpr_engine.store.backup.unpacking import unpack
from lpr_engine.store.failures import translated
from lpr_engine.store.folder import create_private, sync_directory

STAGING_NAME: Final = "restore"
ASIDE_PREFIX: Final = "before-restore-"
_ORDER_NAME = "restore.json"


@dataclass(frozen=True, slots=True)
class RestoreOrder:
    """What the next start is to do; `configuration` and `secrets` are the files to replace.

    `aside` is the name of the folder for what is there now. `access` is whose accounts and keys
    are wished for, `foreseen` what that meant when it was ordered.
    """

    backup: str
    created_at: datetime
    staged_at: datetime
    with_media: bool
    aside: str
    configuration: Path | None = None
    secrets: Path | None = None
    access: AccessSource = AccessSource.HERE
    foreseen: Admission = field(default_factory=Admission)

    @property
    def summary(self) -> StagedRestore:
        """The order as it may be shown."""
        return StagedRestore(
            name=self.backup,
            created_at=self.created_at,
            staged_at=self.staged_at,
            with_media=self.with_media,
            with_configuration=self.configuration is not None,
            with_secrets=self.secrets is not None,
            admission=self.foreseen,
        )


class Staging:
    """The folder in which a backup is laid ready; used by one thread of one process."""

    def __init__(self, data_dir: Path) -> None:
        self.folder = data_dir / STAGING_NAME
        self._data_dir = data_dir

    def lay_out(self, backup: Path, care: Care) -> Manifest:
        """Check a backup and unpack it; what was laid ready before is thrown away.

        Raises:
            BackupRefusedError: the file is no backup, is damaged, or of a newer release.
            DiskFullError: there is no space for it.
            WorkEndedError: the work was ended.
            StoreError: it cannot be read, or the folder refuses it.
        """
        self.clear()
        with translated(self.folder):
            self.folder.mkdir(mode=0o700)
        return unpack(backup, self.folder, care, pictures=True)

    def text(self, manifest: Manifest) -> tuple[Path | None, Path | None]:
        """Where the unpacked configuration and secrets lie."""
        configuration = manifest.member(*CONFIGURATION_NAMES)
        secrets = manifest.member(SECRETS_NAME)
        return (
            self.folder / configuration.name if configuration else None,
            self.folder / secrets.name if secrets else None,
        )

    def free_aside(self, staged_at: datetime) -> str:
        """A name for the folder of what is there now that nothing has yet."""
        stem = f"{ASIDE_PREFIX}{staged_at:%Y%m%dT%H%M%SZ}"
        name, number = stem, 2
        while (self._data_dir / name).exists():
            name, number = f"{stem}-{number}", number + 1
        return name

    def order(self, order: RestoreOrder) -> None:
        """Say what the next start is to do; from now on it will.

        Raises:
            DiskFullError: there is no space for it; nothing is ordered.
            StoreError: the folder refuses it; nothing is ordered.
        """
        part = self.folder / f"{_ORDER_NAME}.part"
        with translated(self.folder):
            # One by one, a hundred thousand pictures would take minutes.
            os.sync()
            with create_private(part) as file:
                file.write(_to_json(order))
                file.flush()
                os.fsync(file.fileno())
            part.replace(self.folder / _ORDER_NAME)
            sync_directory(self.folder)
            sync_directory(self._data_dir)

    def ordered(self) -> RestoreOrder | None:
        """What the next start is to do, None for nothing.

        Raises:
            StoreError: it cannot be read, or makes no sense.
        """
        path = self.folder / _ORDER_NAME
        with translated(path):
            try:
                content = path.read_bytes()
            except FileNotFoundError:
                return None
        return _from_json(content, path)

    def cancel(self) -> None:
        """Let the next start do nothing.

        Raises:
            UnknownError: nothing is ordered.
            StoreError: the folder refuses it.
        """
        if self.ordered() is None:
            raise UnknownError("no backup is laid ready")
        self.clear()

    def clear(self) -> None:
        """Throw away what lies there, the order first.

        Raises:
            StoreError: the folder refuses it.
        """
        with translated(self.folder):
            if not self.folder.is_dir():
                return
            (self.folder / _ORDER_NAME).unlink(missing_ok=True)
            sync_directory(self.folder)
            shutil.rmtree(self.folder)


def _to_json(order: RestoreOrder) -> bytes:
    content = {
        "backup": order.backup,
        "created_at": format_time(order.created_at),
        "staged_at": format_time(order.staged_at),
        "with_media": order.with_media,
        "aside": order.aside,
        "configuration": None if order.configuration is None else str(order.configuration),
        "secrets": None if order.secrets is None else str(order.secrets),
        "access": order.access.value,
        "foreseen": {
            "source": order.foreseen.source.value,
            "accounts": order.foreseen.accounts,
            "keys": order.foreseen.keys,
        },
    }
    return json.dumps(content, indent=2).encode() + b"\n"


def _admission(data: JsonObject) -> Admission:
    return Admission(AccessSource(data["source"]), tuple(data["accounts"]), tuple(data["keys"]))


def _from_json(content: bytes, path: Path) -> RestoreOrder:
    try:
        data = json.loads(content)
        return RestoreOrder(
            backup=str(data["backup"]),
            created_at=parse_time(data["created_at"]),
            staged_at=parse_time(data["staged_at"]),
            with_media=bool(data["with_media"]),
            aside=Path(data["aside"]).name,
            configuration=None if data["configuration"] is None else Path(data["configuration"]),
            secrets=None if data["secrets"] is None else Path(data["secrets"]),
            access=AccessSource(data["access"]),
            foreseen=_admission(data["foreseen"]),
        )
    except (ValueError, KeyError, TypeError) as err:
        raise StoreError(f"{path}: this is no order to restore: remove it to go on") from err
