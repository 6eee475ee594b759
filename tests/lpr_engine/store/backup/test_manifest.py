"""What a backup says of itself is read strictly."""

from __future__ import annotations

import dataclasses
import json
from datetime import datetime, timezone
from typing import Any

import pytest

from lpr_engine.model.backup import BackupRefusedError
from lpr_engine.store.backup.manifest import Manifest, Member

MANIFEST = Manifest(
    created_at=datetime(2026, 3, 1, 12, tzinfo=timezone.utc),
    engine="gate_house",
    version="0.1.0",
    schema_version=2,
    is_scheduled=True,
    members=(Member("configuration.yaml", 5, "a" * 64), Member("lpr.sqlite3", 4096, "b" * 64)),
    media_bytes=1000,
)


def changed(**values: Any) -> bytes:
    return json.dumps({**json.loads(MANIFEST.to_json()), **values}).encode()


def member(**values: Any) -> list[dict[str, Any]]:
    whole = {"name": "lpr.sqlite3", "bytes": 1, "sha256": "a" * 64}
    return [{**whole, **values}]


def test_manifest_comes_back() -> None:
    assert Manifest.from_json(MANIFEST.to_json()) == MANIFEST
    without = dataclasses.replace(MANIFEST, media_bytes=None)
    assert Manifest.from_json(without.to_json()) == without


def test_members_are_found_by_name_and_counted() -> None:
    assert MANIFEST.member("configuration.yaml", "configuration.json") == MANIFEST.members[0]
    assert MANIFEST.member("secrets.yaml") is None
    assert MANIFEST.total_bytes == 5 + 4096 + 1000


def test_newer_format_is_told_as_such() -> None:
    with pytest.raises(BackupRefusedError, match="newer release"):
        Manifest.from_json(changed(format=2))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{}",
        b"\xff",
        b"[" * 100_000,
        changed(format="1"),
        changed(created_at="yesterday"),
        changed(created_at=5),
        changed(engine="../x"),
        changed(engine=None),
        changed(version="0.1\n"),
        changed(schema_version=-1),
        changed(schema_version=True),
        changed(schema_version=1.5),
        changed(media_bytes="many"),
        changed(media_bytes=2**70),
        changed(members=None),
        changed(members=[]),
        changed(members=[1]),
        changed(members=member(name="../lpr.sqlite3")),
        changed(members=member(name="media.sha256")),
        changed(members=member(bytes=-5)),
        changed(members=member(sha256="A" * 64)),
        changed(members=member() + member()),
        changed(members=member(name="secrets.yaml")),
    ],
)
def test_anything_else_is_refused(content: bytes) -> None:
    with pytest.raises(BackupRefusedError):
        Manifest.from_json(content)
