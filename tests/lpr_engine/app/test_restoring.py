"""A restore is ordered only if the engine could start with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path

import pytest

from lpr_engine.app.restoring import RestoreWish, order_restore
from lpr_engine.config.sections import StorageSection
from lpr_engine.model.backup import BackupRefusedError
from lpr_engine.store.backup.care import Care
from lpr_engine.store.backup.staging import RestoreOrder, Staging
from lpr_engine.store.backup.writing import BackupOrder, write_backup
from lpr_engine.store.store import PassageStore

NOW = datetime(2026, 5, 5, 12, tzinfo=timezone.utc)
TEXT = "storage: {directory: data}\nmqtt: {host: b, username: u, password: !secret pw}\n"


@pytest.fixture
def data_dir(tmp_path: Path) -> Iterator[Path]:
    with PassageStore(StorageSection(directory=tmp_path / "data")):
        yield tmp_path / "data"


def back_up(data_dir: Path, text: str | None = TEXT, name: str = "home.yaml") -> Path:
    """A backup with a configuration, or without one, and secrets."""
    source = data_dir.parent / "source"
    source.mkdir(exist_ok=True)
    if text is not None:
        (source / name).write_text(text, encoding="utf-8")
    (source / "secrets.yaml").write_text("pw: geheim\n", encoding="utf-8")
    order = BackupOrder(
        data_dir,
        "home",
        "0.1.0",
        NOW,
        configuration=None if text is None else source / name,
        secrets=source / "secrets.yaml",
    )
    target = data_dir.parent / "b.tar.gz"
    write_backup(order, target, Care(data_dir, spare_bytes=0))
    return target


def wish(data_dir: Path, backup: Path, **changes: object) -> RestoreOrder:
    wished = RestoreWish(backup, data_dir, NOW, data_dir.parent / "home.yaml")
    return order_restore(replace(wished, **changes), Care(data_dir, spare_bytes=0))  # type: ignore[arg-type]


def refusal(data_dir: Path, backup: Path, **changes: object) -> str:
    with pytest.raises(BackupRefusedError) as refused:
        wish(data_dir, backup, **changes)
    assert Staging(data_dir).ordered() is None
    assert not Staging(data_dir).folder.exists()
    return str(refused.value)


def test_configuration_that_would_start_is_ordered(data_dir: Path) -> None:
    order = wish(data_dir, back_up(data_dir), with_secrets=True)
    assert order.configuration == data_dir.parent / "home.yaml"
    assert order.secrets == data_dir.parent / "secrets.yaml"
    assert Staging(data_dir).ordered() == order


def test_secrets_that_are_there_may_do(data_dir: Path) -> None:
    (data_dir.parent / "secrets.yaml").write_text("pw: other\n", encoding="utf-8")
    assert wish(data_dir, back_up(data_dir)).secrets is None


def test_missing_secret_is_told(data_dir: Path) -> None:
    told = refusal(data_dir, back_up(data_dir))
    assert "its configuration has mistakes here" in told
    assert "pw" in told
    assert "geheim" not in told


def test_mistakes_are_told(data_dir: Path) -> None:
    told = refusal(data_dir, back_up(data_dir, "storage: {directory: data}\nmqtt: 5\n"))
    assert "home.yaml:2" in told


def test_other_data_folder_is_told(data_dir: Path) -> None:
    told = refusal(data_dir, back_up(data_dir, "storage: {directory: elsewhere}\n"))
    assert "elsewhere" in told
    environment = {"LPR_STORAGE_DIRECTORY": str(data_dir)}
    wish(data_dir, back_up(data_dir, "storage: {directory: x}\n"), environment=environment)


def test_other_format_is_told(data_dir: Path) -> None:
    assert "configuration.json" in refusal(data_dir, back_up(data_dir, "{}", "options.json"))


def test_what_is_not_in_the_backup_is_told(data_dir: Path) -> None:
    assert "holds no configuration" in refusal(data_dir, back_up(data_dir, None))
    told = refusal(data_dir, back_up(data_dir), configuration=None, with_secrets=True)
    assert "with the configuration only" in told


def test_without_the_configuration_its_mistakes_are_nobodys_matter(data_dir: Path) -> None:
    order = wish(data_dir, back_up(data_dir, "mqtt: 5\n"), configuration=None)
    assert order.configuration is None


def test_configuration_that_is_no_text_is_told(data_dir: Path) -> None:
    source = data_dir.parent / "source"
    back_up(data_dir)
    (source / "home.yaml").write_bytes(b"\xff\xfe")
    order = BackupOrder(data_dir, "home", "1", NOW, configuration=source / "home.yaml")
    backup = data_dir.parent / "b2.tar.gz"
    write_backup(order, backup, Care(data_dir, spare_bytes=0))
    assert "is no text" in refusal(data_dir, backup)
