"""Backups, the work on them, and what is put back at the next start."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from lpr_engine.api.route import page_of
from lpr_engine.model.contract import JsonObject

_TEXT: Final[JsonObject] = {"type": "string"}
_TEXT_OR_NULL: Final[JsonObject] = {"type": ["string", "null"]}
_FLAG: Final[JsonObject] = {"type": "boolean"}
_COUNT: Final[JsonObject] = {"type": "integer", "minimum": 0}
_TIME: Final[JsonObject] = {"type": "string", "format": "date-time"}
_TIME_OR_NULL: Final[JsonObject] = {"type": ["string", "null"], "format": "date-time"}


_NAMES: Final[JsonObject] = {"type": "array", "items": _TEXT}
_SOURCE: Final[JsonObject] = {"enum": ["here", "backup", "nobody"]}


def _object(**properties: JsonObject) -> JsonObject:
    return {"type": "object", "required": list(properties), "properties": properties}


def _wishes(**properties: JsonObject) -> JsonObject:
    return {"type": "object", "additionalProperties": False, "properties": properties}


BACKUP: Final = _object(
    name=_TEXT,
    created_at=_TIME,
    bytes=_COUNT,
    scheduled=_FLAG,
    engine=_TEXT,
    version={**_TEXT, "description": "The engine's release that made it."},
    schema_version=_COUNT,
    media={**_FLAG, "description": "Whether it holds the pictures."},
    configuration=_FLAG,
    secrets={**_FLAG, "description": "Whether it holds `secrets.yaml`."},
)
BACKUP_LIST: Final[JsonObject] = {
    **page_of("Backup"),
    "properties": {
        **page_of("Backup")["properties"],
        "next_scheduled_at": {**_TIME_OR_NULL, "description": "Null without a schedule."},
    },
}
JOB: Final = _object(
    id=_TEXT,
    kind={"enum": ["create", "restore", "upload"]},
    state={"enum": ["running", "done", "failed"]},
    started_at=_TIME,
    ended_at=_TIME_OR_NULL,
    backup={**_TEXT_OR_NULL, "description": "Its name, as soon as it has one."},
    done_bytes={**_COUNT, "description": "What went through so far."},
    code={**_TEXT_OR_NULL, "description": "Why it failed; stable, as in problems."},
    detail=_TEXT_OR_NULL,
)
STAGED: Final = _object(
    backup=_TEXT,
    created_at=_TIME,
    staged_at=_TIME,
    media=_FLAG,
    configuration=_FLAG,
    secrets=_FLAG,
    access={
        **_object(
            source=_SOURCE,
            accounts={**_NAMES, "description": "Accounts that the backup lets in again."},
            keys={**_NAMES, "description": "Keys that it lets in again."},
        ),
        "description": "Who may enter then. Named is whom the backup lets in and this machine does"
        " not, or not with that password or those rights.",
    },
)
BACKUP_WISH: Final = _wishes(
    media={**_FLAG, "description": "With the pictures; unsaid: as the configuration says."},
    secrets={**_FLAG, "description": "With `secrets.yaml`; unsaid: as the configuration says."},
)
RESTORE_WISH: Final = _wishes(
    configuration={**_FLAG, "default": False, "description": "The configuration, too."},
    secrets={**_FLAG, "default": False, "description": "And `secrets.yaml`."},
    access={
        **_SOURCE,
        "default": "here",
        "description": "Whose accounts and keys count then: those of this machine as they are at"
        " the next start (the backup's if it has none), those of the backup, or nobody's.",
    },
)

SCHEMAS: Final[Mapping[str, JsonObject]] = {
    "Backup": BACKUP,
    "BackupList": BACKUP_LIST,
    "BackupJob": JOB,
    "BackupWish": BACKUP_WISH,
    "RestoreWish": RESTORE_WISH,
    "StagedRestore": STAGED,
}
