"""Really restored: what was kept comes back equal, and what was there before is set aside."""

from __future__ import annotations

import json
import shutil
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from lpr_engine.config.sections import StorageSection
from lpr_engine.model.backup import BackupRefusedError
from lpr_engine.model.errors import StoreError, UnknownError
from lpr_engine.store.backup.care import Care
from lpr_engine.store.backup.restoring import put_back, restore_if_ordered
from lpr_engine.store.backup.staging import RestoreOrder, Staging
from lpr_engine.store.store import PassageStore
from tests.lpr_engine.store.conftest import NOON, make_update

from .conftest import BackUp, contents_of, fill, pictures_of

OpenStore = Callable[[], PassageStore]


def lay_ready(
    data_dir: Path, backup: Path, configuration: Path | None = None, secrets: Path | None = None
) -> None:
    staging = Staging(data_dir)
    manifest = staging.lay_out(backup, Care(data_dir, spare_bytes=0))
    with_media = manifest.media_bytes is not None
    aside = staging.free_aside(NOON)
    staging.order(RestoreOrder(backup.name, NOON, NOON, with_media, aside, configuration, secrets))


def aside_of(data_dir: Path) -> Path:
    (found,) = data_dir.glob("before-restore-*")
    return found


def test_everything_comes_back_equal_and_the_rest_is_set_aside(
    open_store: OpenStore, data_dir: Path, back_up: BackUp
) -> None:
    store = open_store()
    fill(store)
    before = contents_of(store, data_dir)
    backup = back_up()
    fill(store, seed=100)
    later = contents_of(store, data_dir)
    lay_ready(data_dir, backup)
    assert contents_of(store, data_dir) == later

    store = open_store()

    assert store.problems == ()
    assert contents_of(store, data_dir) == before
    assert not (data_dir / "restore").exists()
    store.close()
    with PassageStore(StorageSection(directory=aside_of(data_dir))) as old:
        assert contents_of(old, aside_of(data_dir)) == later


def test_onto_an_empty_folder(open_store: OpenStore, back_up: BackUp, data_dir: Path) -> None:
    store = open_store()
    fill(store)
    before = contents_of(store, data_dir)
    backup = back_up()
    store.close()
    shutil.rmtree(data_dir)
    data_dir.mkdir()
    lay_ready(data_dir, backup)
    restored = restore_if_ordered(data_dir)
    assert restored is not None
    assert backup.name in str(restored)
    assert contents_of(open_store(), data_dir) == before


def test_numbers_go_on_beyond_those_that_were_given_out(
    open_store: OpenStore, data_dir: Path, back_up: BackUp
) -> None:
    store = open_store()
    fill(store)
    backup = back_up()
    fill(store, seed=100)
    last = max(row.sequence for row in store.pending(1000))
    lay_ready(data_dir, backup)
    store = open_store()
    store.commit(make_update(seed=900))
    first = max(row.sequence for row in store.pending(1000))
    assert first > last
    store = open_store()
    store.commit(make_update(seed=910))
    assert max(row.sequence for row in store.pending(1000)) == first + 1


def test_numbers_go_on_beyond_those_that_only_the_log_knew(
    open_store: OpenStore, data_dir: Path, back_up: BackUp, tmp_path: Path
) -> None:
    store = open_store()
    fill(store)
    backup = back_up()
    fill(store, seed=100)
    last = max(row.sequence for row in store.pending(1000))
    lay_ready(data_dir, backup)
    # As a power cut would leave it: the log not folded into the database.
    cut = [shutil.copy(path, tmp_path) for path in data_dir.glob("lpr.sqlite3*")]
    store.close()
    for path in cut:
        shutil.copy(path, data_dir)
    store = open_store()
    assert (aside_of(data_dir) / "lpr.sqlite3-wal").stat().st_size > 0
    store.commit(make_update(seed=900))
    assert max(row.sequence for row in store.pending(1000)) > last


def test_backup_without_pictures_leaves_them_and_parts_those_that_it_does_not_know(
    open_store: OpenStore, data_dir: Path, back_up: BackUp
) -> None:
    store = open_store()
    fill(store)
    before = contents_of(store, data_dir)
    backup = back_up(media=False)
    fill(store, seed=100)
    later = pictures_of(data_dir)
    lay_ready(data_dir, backup)

    store = open_store()
    store.retain()

    assert contents_of(store, data_dir) == before
    aside = pictures_of(aside_of(data_dir))
    assert aside
    assert aside | pictures_of(data_dir) == later


def test_configuration_and_secrets_come_back_with_the_mode_that_is_there(
    open_store: OpenStore, data_dir: Path, back_up: BackUp, tmp_path: Path
) -> None:
    open_store()
    backup = back_up(secrets=True)
    home, secrets = tmp_path / "home" / "home.yaml", tmp_path / "home" / "secrets.yaml"
    old = home.read_text(encoding="utf-8")
    home.write_text("cameras: []\n", encoding="utf-8")
    home.chmod(0o640)
    secrets.unlink()
    lay_ready(data_dir, backup, home, secrets)
    assert home.read_text(encoding="utf-8") == "cameras: []\n"

    open_store()

    assert home.read_text(encoding="utf-8") == old
    assert stat.S_IMODE(home.stat().st_mode) == 0o640
    assert secrets.read_text(encoding="utf-8") == "pw: geheim\n"
    assert stat.S_IMODE(secrets.stat().st_mode) == 0o600
    kept = aside_of(data_dir) / "home.yaml"
    assert kept.read_text(encoding="utf-8") == "cameras: []\n"
    assert sorted(path.name for path in home.parent.iterdir()) == ["home.yaml", "secrets.yaml"]


def test_two_restores_of_one_second_keep_both_pasts(
    open_store: OpenStore, data_dir: Path, back_up: BackUp
) -> None:
    open_store()
    backup = back_up()
    for _ in range(2):
        lay_ready(data_dir, backup)
        open_store()
    assert len(list(data_dir.glob("before-restore-*/lpr.sqlite3"))) == 2


def test_leftover_of_an_interrupted_check_is_cleared_and_nothing_replaced(
    open_store: OpenStore, data_dir: Path, back_up: BackUp
) -> None:
    store = open_store()
    fill(store)
    backup = back_up()
    fill(store, seed=100)
    before = contents_of(store, data_dir)
    Staging(data_dir).lay_out(backup, Care(data_dir, spare_bytes=0))
    store = open_store()
    assert contents_of(store, data_dir) == before
    assert not (data_dir / "restore").exists()
    assert list(data_dir.glob("before-restore-*")) == []


def test_cancelled_restore_does_nothing(
    open_store: OpenStore, data_dir: Path, back_up: BackUp
) -> None:
    store = open_store()
    fill(store)
    backup = back_up()
    fill(store, seed=100)
    before = contents_of(store, data_dir)
    staging = Staging(data_dir)
    with pytest.raises(UnknownError):
        staging.cancel()
    lay_ready(data_dir, backup)
    ordered = staging.ordered()
    assert ordered is not None
    assert (ordered.backup, ordered.summary.with_media) == (backup.name, True)
    staging.cancel()
    assert staging.ordered() is None
    assert contents_of(open_store(), data_dir) == before


def test_second_backup_takes_the_place_of_the_first_that_is_ready(
    open_store: OpenStore, data_dir: Path, back_up: BackUp
) -> None:
    store = open_store()
    first = back_up(name="first.tar.gz")
    fill(store)
    wanted = contents_of(store, data_dir)
    second = back_up(name="second.tar.gz")
    lay_ready(data_dir, first)
    lay_ready(data_dir, second)
    assert contents_of(open_store(), data_dir) == wanted


def test_refused_backup_orders_nothing(
    open_store: OpenStore, data_dir: Path, back_up: BackUp
) -> None:
    store = open_store()
    fill(store)
    before = contents_of(store, data_dir)
    backup = back_up()
    backup.write_bytes(backup.read_bytes()[:-40])
    with pytest.raises(BackupRefusedError):
        lay_ready(data_dir, backup)
    assert contents_of(open_store(), data_dir) == before


def test_folder_in_use_is_not_touched(
    open_store: OpenStore, data_dir: Path, back_up: BackUp
) -> None:
    open_store()
    lay_ready(data_dir, back_up())
    with pytest.raises(StoreError, match="another engine"):
        restore_if_ordered(data_dir)


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b'{"backup": 1}'])
def test_order_that_makes_no_sense_stops_the_start(
    open_store: OpenStore, data_dir: Path, content: bytes
) -> None:
    open_store().close()
    (data_dir / "restore").mkdir()
    (data_dir / "restore" / "restore.json").write_bytes(content)
    with pytest.raises(StoreError, match="remove it to go on"):
        put_back(data_dir)


def test_order_cannot_lead_out_of_the_folder(
    open_store: OpenStore, data_dir: Path, back_up: BackUp, tmp_path: Path
) -> None:
    open_store()
    lay_ready(data_dir, back_up())
    path = data_dir / "restore" / "restore.json"
    order = json.loads(path.read_bytes())
    path.write_text(json.dumps({**order, "aside": "../../elsewhere"}), encoding="utf-8")
    open_store()
    assert (data_dir / "elsewhere").is_dir()
