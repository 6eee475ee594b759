"""Backups by the command line: made, listed, checked, and put back on this and a new machine."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path

import pytest

from lpr_engine.app.restoring import RestoreWish, order_restore
from lpr_engine.cli.run import configured_by
from lpr_engine.config.sections import StorageSection
from lpr_engine.model.passage import Passage
from lpr_engine.store.backup.care import Care
from lpr_engine.store.store import PassageStore
from tests.lpr_engine.store.access_values import make_lock
from tests.lpr_engine.store.conftest import make_update

Lpr = Callable[..., tuple[int, str, str]]
TEXT = "# The gate.\ncameras:\n  - {id: gate, source: !secret gate}\n"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    path = tmp_path / "old" / "home.yaml"
    path.parent.mkdir()
    path.write_text(TEXT, encoding="utf-8")
    (path.parent / "secrets.yaml").write_text("gate: rtsp://joe:geheim@h/1\n", encoding="utf-8")
    return path


def store_of(home: Path) -> PassageStore:
    return PassageStore(StorageSection(directory=home.parent / "lpr-data"))


def fill(home: Path, seed: int = 0) -> tuple[Passage, ...]:
    with store_of(home) as store:
        for number in range(3):
            store.commit(make_update(seed=seed + number * 10))
        return store.search.latest(100).passages


def passages(home: Path) -> tuple[Passage, ...]:
    with store_of(home) as store:
        return store.search.latest(100).passages


def made(lpr: Lpr, home: Path, *options: str) -> Path:
    code, out, err = lpr("backup", "create", "--config", home, *options)
    assert code == 0, err
    return Path(out.splitlines()[0])


def test_backup_is_made_listed_and_checked(lpr: Lpr, home: Path) -> None:
    assert lpr("backup", "list", "--config", home)[1].strip() == "no backups"
    fill(home)
    path = made(lpr, home, "--media")
    assert path.parent == home.parent / "lpr-backups"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    code, out, _ = lpr("backup", "list", "--config", home)
    assert code == 0
    assert path.name in out
    assert "passages and vehicles, pictures, configuration" in out
    assert "secrets" not in out
    code, out, _ = lpr("backup", "verify", path)
    assert code == 0
    assert out.startswith(f"{path.name}: whole; made ")
    assert list(path.parent.glob(".verifying*")) == []


def test_backup_with_secrets_says_so(lpr: Lpr, home: Path) -> None:
    fill(home)
    code, out, _ = lpr("backup", "create", "--config", home, "--secrets")
    assert code == 0
    assert "It holds the passwords of secrets.yaml" in out
    assert "secrets" in lpr("backup", "list", "--config", home)[1]


def test_backup_is_made_beside_a_running_engine(lpr: Lpr, home: Path) -> None:
    with store_of(home) as store:
        store.commit(make_update())
        assert made(lpr, home).exists()


def test_damaged_backup_is_refused_with_its_reason(lpr: Lpr, home: Path) -> None:
    kept = fill(home)
    path = made(lpr, home)
    path.write_bytes(path.read_bytes()[:-20])
    for command in (("verify", path), ("restore", path, "--config", home)):
        code, _, err = lpr("backup", *command)
        assert code == 1
        assert "[backup_refused]" in err
        assert path.name in err
    assert passages(home) == kept


def test_restore_brings_back_what_was_there_and_sets_the_rest_aside(lpr: Lpr, home: Path) -> None:
    before = fill(home)
    path = made(lpr, home, "--media")
    fill(home, 500)
    home.write_text(TEXT + "engine: {id: other}\n", encoding="utf-8")
    code, out, err = lpr("backup", "restore", path, "--config", home)
    assert code == 0, err
    assert "what was there before lies in" in out
    assert passages(home) == before
    assert "other" in home.read_text(encoding="utf-8")
    (aside,) = (home.parent / "lpr-data").glob("before-restore-*")
    assert str(aside) in out


@pytest.mark.parametrize(
    ("options", "told", "left"),
    [
        ((), "accounts and keys stay as they are here", ["Anna"]),
        (("--access", "backup"), "those of the backup: accounts Ben let in again", ["Anna", "Ben"]),
        (("--access", "nobody"), "no account and no key is left", []),
    ],
)
def test_restore_tells_whose_accounts_count(
    lpr: Lpr, home: Path, options: tuple[str, ...], told: str, left: list[str]
) -> None:
    fill(home)
    ben = make_lock("Ben")
    with store_of(home) as store:
        store.access.accounts.add_first(make_lock("Anna"))
        store.access.accounts.add(ben)
    path = made(lpr, home)
    with store_of(home) as store:
        store.access.accounts.remove(ben.account.id)
    code, out, err = lpr("backup", "restore", path, "--config", home, *options)
    assert code == 0, err
    assert told in out
    with store_of(home) as store:
        assert [one.name for one in store.access.accounts.all()] == left


def test_restore_with_the_configuration_brings_that_back_too(lpr: Lpr, home: Path) -> None:
    before = fill(home)
    path = made(lpr, home)
    home.write_text("mqtt: {broken", encoding="utf-8")
    code, _, err = lpr("backup", "restore", path, "--config", home, "--with-configuration")
    assert code == 0, err
    assert home.read_text(encoding="utf-8") == TEXT
    assert passages(home) == before


def test_restore_on_a_new_machine(lpr: Lpr, home: Path, tmp_path: Path) -> None:
    before = fill(home)
    moved = tmp_path / "stick.tar.gz"
    shutil.move(made(lpr, home, "--media", "--secrets"), moved)
    pictures = sorted(path.name for path in home.parent.glob("lpr-data/media/*/*"))
    shutil.rmtree(home.parent)
    new = tmp_path / "new" / "gate.yaml"
    new.parent.mkdir()
    code, _, err = lpr("backup", "restore", moved, "--config", new)
    assert code == 1
    assert "--with-configuration takes it from the backup" in err
    code, _, err = lpr("backup", "restore", moved, "--config", new, "--with-configuration")
    assert code == 1
    assert "secret `gate`" in err
    assert "geheim" not in err
    options = ("--with-configuration", "--with-secrets")
    code, _, err = lpr("backup", "restore", moved, "--config", new, *options)
    assert code == 0, err
    assert new.read_text(encoding="utf-8") == TEXT
    assert stat.S_IMODE(new.stat().st_mode) == 0o600
    assert passages(new) == before
    assert sorted(path.name for path in new.parent.glob("lpr-data/media/*/*")) == pictures
    configuration, source = configured_by(new)
    assert configuration.cameras[0].source == "rtsp://joe:geheim@h/1"
    assert source.hidden == {"cameras[gate].source"}


def test_restore_beside_a_running_engine_is_refused(lpr: Lpr, home: Path) -> None:
    fill(home)
    path = made(lpr, home)
    with store_of(home):
        code, _, err = lpr("backup", "restore", path, "--config", home)
    assert code == 1
    assert "another engine uses this folder" in err


def test_staged_configuration_counts_at_the_next_start(lpr: Lpr, home: Path) -> None:
    fill(home)
    path = made(lpr, home)
    home.write_text(TEXT + "engine: {id: other}\n", encoding="utf-8")
    assert configured_by(home)[0].engine.id == "other"
    data_dir = home.parent / "lpr-data"
    wish = RestoreWish(path, data_dir, datetime.now(timezone.utc), home, environment=os.environ)
    order_restore(wish, Care(data_dir, spare_bytes=0))
    assert configured_by(home)[0].engine.id == "engine"
