"""What a backup says of itself: its first member, and the names of all the others."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from lpr_engine.model.backup import BackupRefusedError
from lpr_engine.model.contract import CONTRACT_VERSION, format_time, parse_time
from lpr_engine.store.opening import DATABASE_NAME

FORMAT: Final = 1
MANIFEST_NAME: Final = "manifest.json"
CONFIGURATION_NAMES: Final = ("configuration.yaml", "configuration.json")
SECRETS_NAME: Final = "secrets.yaml"
PICTURE_LIST_NAME: Final = "media.sha256"
FIXED_NAMES: Final = (*CONFIGURATION_NAMES, SECRETS_NAME, DATABASE_NAME)
MAX_MANIFEST_BYTES: Final = 64 * 1024
MAX_TEXT_BYTES: Final = 1_000_000
MAX_PICTURE_BYTES: Final = 256 * 1024 * 1024

_SHA256 = re.compile(r"[0-9a-f]{64}")
_WORD = re.compile(r"[\w.+~-]{1,64}")


@dataclass(frozen=True, slots=True)
class Member:
    """One file in a backup beside its pictures."""

    name: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """All about a backup; a picture's hash is its name, and `media.sha256` lists them.

    `media_bytes` is the most that its pictures take, None when it holds none.
    """

    created_at: datetime
    engine: str
    version: str
    schema_version: int
    is_scheduled: bool
    members: tuple[Member, ...]
    media_bytes: int | None = None

    def member(self, *names: str) -> Member | None:
        """The member of one of these names."""
        return next((one for one in self.members if one.name in names), None)

    @property
    def total_bytes(self) -> int:
        """What it takes when unpacked, at most."""
        return sum(one.size_bytes for one in self.members) + (self.media_bytes or 0)

    def to_json(self) -> bytes:
        """The member's content."""
        content = {
            "format": FORMAT,
            "contract": CONTRACT_VERSION,
            "version": self.version,
            "schema_version": self.schema_version,
            "created_at": format_time(self.created_at),
            "engine": self.engine,
            "scheduled": self.is_scheduled,
            "media_bytes": self.media_bytes,
            "members": [
                {"name": one.name, "bytes": one.size_bytes, "sha256": one.sha256}
                for one in self.members
            ],
        }
        return json.dumps(content, indent=2).encode() + b"\n"

    @classmethod
    def from_json(cls, content: bytes) -> Manifest:
        """Read a manifest.

        Raises:
            BackupRefusedError: it is none, or of a newer release.
        """
        try:
            data = json.loads(content)
            if data["format"] > FORMAT:
                raise BackupRefusedError("it was made by a newer release")
            manifest = cls(
                created_at=parse_time(data["created_at"]),
                engine=_matching(data["engine"], _WORD),
                version=_matching(data["version"], _WORD),
                schema_version=_whole(data["schema_version"]),
                is_scheduled=bool(data["scheduled"]),
                members=tuple(_member(one) for one in data["members"]),
                media_bytes=None if data["media_bytes"] is None else _whole(data["media_bytes"]),
            )
        except (ValueError, KeyError, TypeError, RecursionError) as err:
            raise BackupRefusedError("its manifest is none") from err
        names = [one.name for one in manifest.members]
        if len(set(names)) < len(names) or DATABASE_NAME not in names:
            raise BackupRefusedError("its manifest does not name a database, or one thing twice")
        return manifest


def _member(data: Mapping[str, Any]) -> Member:
    name = data["name"]
    if name not in FIXED_NAMES:
        raise ValueError("no name of a member")
    return Member(name, _whole(data["bytes"]), _matching(data["sha256"], _SHA256))


def _matching(value: object, form: re.Pattern[str]) -> str:
    if not isinstance(value, str) or form.fullmatch(value) is None:
        raise ValueError("not of the form of a manifest")
    return value


def _whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**62:
        raise ValueError("no number of a manifest")
    return value
