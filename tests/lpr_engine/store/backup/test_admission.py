"""Who may enter after a restore: what was revoked since stays so, unless said otherwise."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from lpr_engine.model.access import Role, Scope
from lpr_engine.model.account import ApiKey, Lock
from lpr_engine.model.audit import AuditEntry, AuditFilter
from lpr_engine.model.backup import AccessSource, Admission
from lpr_engine.store.backup import admission, restoring
from lpr_engine.store.backup.admission import foresee
from lpr_engine.store.backup.care import Care
from lpr_engine.store.backup.restoring import restore_if_ordered
from lpr_engine.store.backup.staging import RestoreOrder, Staging
from lpr_engine.store.opening import DATABASE_NAME
from lpr_engine.store.store import PassageStore
from tests.lpr_engine.store.access_values import make_key, make_lock, make_session
from tests.lpr_engine.store.conftest import NOON

from .conftest import BackUp, fill

OpenStore = Callable[[], PassageStore]
ANNA, BEN = make_lock("Anna"), make_lock("Ben", Role.VIEWER)
KEY, GONE, LOOSE = make_key(ANNA.account), make_key(ANNA.account, "gone"), make_key(name="loose")


def admit(store: PassageStore) -> None:
    """Two accounts and three keys, a session, and a signing key."""
    access = store.access
    access.accounts.add_first(ANNA)
    access.accounts.add(BEN)
    for number, key in enumerate((KEY, GONE, LOOSE)):
        access.keys.add(key, digest(number))
    access.sessions.open(make_session(ANNA.account), b"s", ANNA)
    access.secrets.current()
    access.audit.note(AuditEntry(NOON, "before", True, "Anna"))


def digest(number: int) -> bytes:
    return bytes([number]) * 32


def revoke(store: PassageStore) -> None:
    """Since the backup: a key and an account went, a password and a role changed, one came."""
    access = store.access
    access.keys.remove(GONE.id)
    access.accounts.remove(BEN.account.id)
    access.accounts.set_password(ANNA.account.id, "$argon2id$new", NOON)
    access.accounts.add(make_lock("Carla"))
    access.sessions.open(
        make_session(ANNA.account), b"t", replace(ANNA, password_hash="$argon2id$new")
    )
    access.audit.note(AuditEntry(NOON.replace(hour=13), "after", True, "Carla"))


def order(data_dir: Path, backup: Path, access: AccessSource = AccessSource.HERE) -> RestoreOrder:
    staging = Staging(data_dir)
    manifest = staging.lay_out(backup, Care(data_dir, spare_bytes=0))
    foreseen = foresee(staging.folder / DATABASE_NAME, data_dir / DATABASE_NAME, access)
    ordered = RestoreOrder(
        backup.name,
        NOON,
        NOON,
        manifest.media_bytes is not None,
        staging.free_aside(NOON),
        access=access,
        foreseen=foreseen,
    )
    staging.order(ordered)
    assert staging.ordered() == ordered
    return ordered


def names(store: PassageStore) -> list[str]:
    return [one.name for one in store.access.accounts.all()]


def keys(store: PassageStore) -> set[str]:
    return {one.name for one in store.access.keys.all()}


def hash_of(store: PassageStore, name: str) -> str:
    lock = store.access.accounts.find(name)
    assert isinstance(lock, Lock)
    return lock.password_hash


@pytest.fixture
def backup(open_store: OpenStore, back_up: BackUp) -> Path:
    """A backup of a store that revoked things since."""
    store = open_store()
    fill(store, count=1)
    admit(store)
    backup = back_up()
    revoke(store)
    return backup


def test_what_was_revoked_stays_so(open_store: OpenStore, data_dir: Path, backup: Path) -> None:
    ordered = order(data_dir, backup)
    assert ordered.foreseen == Admission(AccessSource.HERE)

    store = open_store()

    assert names(store) == ["Anna", "Carla"]
    assert keys(store) == {"script", "loose"}
    assert hash_of(store, "Anna") == "$argon2id$new"
    assert store.access.keys.find(digest(1)) is None
    holder = store.access.keys.find(digest(0))
    assert holder is not None
    assert holder.account is not None
    assert holder.account.name == "Anna"


def test_what_is_revoked_after_the_order_stays_so_too(
    open_store: OpenStore, data_dir: Path, backup: Path
) -> None:
    store = open_store()
    order(data_dir, backup)
    store.access.keys.remove(KEY.id)
    assert keys(open_store()) == {"loose"}


@pytest.mark.parametrize("access", AccessSource)
def test_all_sign_in_anew_and_no_signed_url_goes_on(
    open_store: OpenStore, data_dir: Path, backup: Path, access: AccessSource
) -> None:
    before = open_store().access.secrets.current()
    order(data_dir, backup, access)
    store = open_store()
    assert store.access.sessions.all() == ()
    after = store.access.secrets.current()
    assert not set(before.keys) & set(after.keys)
    assert not set(before.keys.values()) & set(after.keys.values())


def test_the_backup_s_come_alive_only_when_said_and_are_named(
    open_store: OpenStore, data_dir: Path, backup: Path
) -> None:
    ordered = order(data_dir, backup, AccessSource.BACKUP)
    assert ordered.foreseen == Admission(
        AccessSource.BACKUP, ("Anna", "Ben"), (f"gone ({GONE.hint}...)",)
    )
    assert "accounts Anna, Ben and keys gone" in str(ordered.foreseen)

    store = open_store()

    assert names(store) == ["Anna", "Ben"]
    assert keys(store) == {"script", "gone", "loose"}
    assert hash_of(store, "Anna") == ANNA.password_hash


def test_a_key_with_more_rights_or_another_end_is_named(
    open_store: OpenStore, data_dir: Path, back_up: BackUp
) -> None:
    store = open_store()
    admit(store)
    backup = back_up()
    weaker: ApiKey = replace(LOOSE, scopes=frozenset({Scope.METRICS}))
    store.access.keys.remove(LOOSE.id)
    store.access.keys.add(weaker, digest(2))
    ordered = order(data_dir, backup, AccessSource.BACKUP)
    assert ordered.foreseen == Admission(AccessSource.BACKUP, (), (f"loose ({LOOSE.hint}...)",))


def test_nobody_is_left_when_said(open_store: OpenStore, data_dir: Path, backup: Path) -> None:
    order(data_dir, backup, AccessSource.NOBODY)
    store = open_store()
    assert store.access.accounts.is_empty()
    assert keys(store) == set()
    assert len(store.search.latest(10).passages) == 1


def test_on_a_new_machine_the_backup_s_come_and_are_named(
    open_store: OpenStore, data_dir: Path, backup: Path
) -> None:
    open_store().close()
    shutil.rmtree(data_dir)
    data_dir.mkdir()
    order(data_dir, backup)
    restored = restore_if_ordered(data_dir)
    assert restored is not None
    assert restored.admission.source is AccessSource.BACKUP
    assert restored.admission.accounts == ("Anna", "Ben")
    assert "accounts Anna, Ben and keys" in str(restored)
    assert names(open_store()) == ["Anna", "Ben"]


def test_a_database_that_cannot_be_read_knows_nobody(
    open_store: OpenStore, data_dir: Path, backup: Path
) -> None:
    open_store().close()
    (data_dir / DATABASE_NAME).write_bytes(b"SQLite format 3\0" + b"?" * 8192)
    assert order(data_dir, backup).foreseen.source is AccessSource.BACKUP
    assert names(open_store()) == ["Anna", "Ben"]


def test_the_trail_goes_on(open_store: OpenStore, data_dir: Path, backup: Path) -> None:
    order(data_dir, backup)
    store = open_store()
    entries = store.access.audit.page(10, None, AuditFilter()).entries
    assert [one.action for one in entries] == ["restored", "after", "before"]
    assert (entries[0].actor, entries[0].subject) == ("engine", backup.name)
    assert [one.number for one in entries] == sorted((one.number for one in entries), reverse=True)


def test_no_backup_holds_what_signs_urls_or_who_is_signed_in(
    open_store: OpenStore, data_dir: Path, backup: Path
) -> None:
    secret = next(iter(open_store().access.secrets.current().keys.values())).hex()
    Staging(data_dir).lay_out(backup, Care(data_dir, spare_bytes=0))
    content = (data_dir / "restore" / DATABASE_NAME).read_bytes()
    assert secret.encode() not in content
    with closing(sqlite3.connect(data_dir / "restore" / DATABASE_NAME)) as connection:
        assert connection.execute("SELECT count(*) FROM sessions").fetchone() == (0,)


def test_sessions_that_somebody_put_into_a_backup_let_nobody_in(
    open_store: OpenStore, data_dir: Path, backup: Path
) -> None:
    order(data_dir, backup, AccessSource.BACKUP)
    with closing(sqlite3.connect(data_dir / "restore" / DATABASE_NAME)) as connection, connection:
        connection.execute(
            "INSERT INTO sessions VALUES ('1', x'00', ?, 0, ?, 0, '', '')",
            (ANNA.account.id, 2**50),
        )
    assert open_store().access.sessions.all() == ()


@pytest.mark.parametrize("cut_after", ["settle", "_exchange_database", "_exchange_media"])
def test_a_cut_between_two_steps_lets_nobody_else_in(
    open_store: OpenStore,
    data_dir: Path,
    backup: Path,
    monkeypatch: pytest.MonkeyPatch,
    cut_after: str,
) -> None:
    open_store().close()
    order(data_dir, backup)
    step = getattr(restoring, cut_after)

    def cut(*arguments: object) -> object:
        step(*arguments)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(restoring, cut_after, cut)
        with pytest.raises(KeyboardInterrupt):
            restore_if_ordered(data_dir)
    restored = restore_if_ordered(data_dir)
    assert restored is not None
    assert restored.admission == Admission(AccessSource.HERE)
    store = open_store()
    assert names(store) == ["Anna", "Carla"]
    assert [one.action for one in store.access.audit.page(10, None, AuditFilter()).entries] == [
        "restored", "after", "before",
    ]  # fmt: skip


def test_a_cut_while_the_old_database_is_on_its_way_out_is_no_empty_machine(
    open_store: OpenStore, data_dir: Path, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_store()
    ordered = order(data_dir, backup)
    store.access.keys.remove(LOOSE.id)
    # As a power cut would leave it: the log not folded into the database.
    cut = [shutil.copy(path, data_dir.parent) for path in data_dir.glob("lpr.sqlite3*")]
    store.close()
    for path in cut:
        shutil.copy(path, data_dir)
    rename = Path.rename

    def rename_once(self: Path, target: Path) -> Path:
        renamed = rename(self, target)
        if target.name.endswith("-wal"):
            raise KeyboardInterrupt
        return renamed

    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", rename_once)
        with pytest.raises(KeyboardInterrupt):
            restore_if_ordered(data_dir)
    log = (data_dir / ordered.aside / f"{DATABASE_NAME}-wal").read_bytes()
    assert log
    assert restore_if_ordered(data_dir) is not None
    assert (data_dir / ordered.aside / f"{DATABASE_NAME}-wal").read_bytes() == log
    store = open_store()
    assert names(store) == ["Anna", "Carla"]
    assert keys(store) == {"script"}


def test_keys_without_their_account_let_nobody_in(
    open_store: OpenStore, data_dir: Path, backup: Path
) -> None:
    open_store().close()
    with closing(sqlite3.connect(data_dir / DATABASE_NAME)) as connection, connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        connection.execute("UPDATE accounts SET role = 'emperor' WHERE name = 'Anna'")
    order(data_dir, backup)
    store = open_store()
    assert names(store) == ["Carla"]
    assert keys(store) == {"loose"}


def test_what_is_settled_is_settled_once(
    open_store: OpenStore, data_dir: Path, backup: Path
) -> None:
    open_store().close()
    ordered = order(data_dir, backup)
    staged, present = data_dir / "restore" / DATABASE_NAME, data_dir / DATABASE_NAME
    first = admission.settle(staged, present, ordered)
    present.unlink()
    assert admission.settle(staged, present, ordered) == first
    assert admission.settled(staged, ordered) == first
    assert admission.settled(staged, replace(ordered, aside="another")) is None
