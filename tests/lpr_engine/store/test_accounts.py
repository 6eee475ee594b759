"""Accounts come back as they went in, and one of them can always administer."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from lpr_engine.model.access import Role
from lpr_engine.model.account import (
    AccountTakenError,
    AccountUnknownError,
    LastAdminError,
    SetupDoneError,
)
from lpr_engine.model.errors import StoreError
from lpr_engine.store.store import PassageStore

from .access_values import make_key, make_lock, make_session
from .conftest import NOON


def test_account_comes_back_as_it_was_added(open_store: Callable[[], PassageStore]) -> None:
    lock = make_lock("Änne")
    accounts = open_store().access.accounts
    assert accounts.is_empty()
    accounts.add(lock)

    accounts = open_store().access.accounts

    assert accounts.all() == (lock.account,)
    assert accounts.get(lock.account.id) == lock.account
    assert accounts.find("Änne") == lock
    assert not accounts.is_empty()


@pytest.mark.parametrize("written", ["anna", "ANNA", " Anna ", "\uff21nn\uff41"])
def test_a_name_is_found_however_it_is_typed(store: PassageStore, written: str) -> None:
    lock = make_lock("Anna")
    store.access.accounts.add(lock)
    assert store.access.accounts.find(written) == lock
    with pytest.raises(AccountTakenError):
        store.access.accounts.add(make_lock(written))


def test_nobody_is_found_by_another_name(store: PassageStore) -> None:
    store.access.accounts.add(make_lock("Anna"))
    assert store.access.accounts.find("Ann") is None
    assert store.access.accounts.find("") is None


def test_only_one_account_is_the_first(store: PassageStore) -> None:
    def add(number: int) -> bool:
        try:
            store.access.accounts.add_first(make_lock(f"admin{number}"))
        except SetupDoneError:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(add, range(8))) == 1
    assert len(store.access.accounts.all()) == 1


def test_name_and_role_are_changed(store: PassageStore) -> None:
    accounts = store.access.accounts
    accounts.add(make_lock("Anna"))
    ben = make_lock("Ben", Role.VIEWER).account
    accounts.add(make_lock("Carl", Role.VIEWER))
    accounts.add(make_lock("Dora", Role.VIEWER))
    accounts.add(make_lock("Ben", Role.VIEWER, "x"))
    kept = accounts.find("ben")
    assert kept is not None
    changed = accounts.update(kept.account.id, "BEN", Role.OPERATOR)
    assert (changed.name, changed.role) == ("BEN", Role.OPERATOR)
    with pytest.raises(AccountTakenError):
        accounts.update(kept.account.id, "anna", Role.OPERATOR)
    with pytest.raises(AccountUnknownError):
        accounts.update(ben.id, "Emil", Role.OPERATOR)
    assert accounts.get(kept.account.id) == changed


def test_the_last_admin_stays(store: PassageStore) -> None:
    accounts = store.access.accounts
    first, second = make_lock("Anna"), make_lock("Ben")
    accounts.add(first)
    accounts.add(make_lock("Carl", Role.OPERATOR))
    with pytest.raises(LastAdminError):
        accounts.remove(first.account.id)
    with pytest.raises(LastAdminError):
        accounts.update(first.account.id, "Anna", Role.OPERATOR)
    assert accounts.get(first.account.id) == first.account

    accounts.add(second)
    accounts.remove(first.account.id)

    with pytest.raises(LastAdminError):
        accounts.remove(second.account.id)


def test_two_admins_cannot_remove_each_other_at_once(store: PassageStore) -> None:
    accounts = store.access.accounts
    locks = [make_lock(f"admin{number}") for number in range(6)]
    for lock in locks:
        accounts.add(lock)

    def remove(account_id: str) -> None:
        try:
            accounts.remove(account_id)
        except LastAdminError:
            return

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(remove, [lock.account.id for lock in locks]))
    assert len(accounts.all()) == 1


def test_a_new_password_ends_the_sessions_of_its_account_alone(store: PassageStore) -> None:
    access = store.access
    anna, ben = make_lock("Anna"), make_lock("Ben")
    for lock, digest in ((anna, b"a"), (ben, b"b")):
        access.accounts.add(lock)
        access.sessions.open(make_session(lock.account), digest, lock)

    access.accounts.set_password(anna.account.id, "$argon2id$new", NOON + timedelta(days=1))

    found = access.accounts.find("Anna")
    assert found is not None
    assert found.password_hash == "$argon2id$new"
    assert found.account.password_changed_at == NOON + timedelta(days=1)
    assert access.sessions.find(b"a") is None
    assert access.sessions.find(b"b") is not None
    with pytest.raises(AccountUnknownError):
        access.accounts.set_password("nobody", "$argon2id$new", NOON)


def test_a_hash_is_renewed_unless_the_password_changed_meanwhile(store: PassageStore) -> None:
    accounts = store.access.accounts
    lock = make_lock()
    accounts.add(lock)
    accounts.rehash(lock, "$argon2id$stronger")
    accounts.rehash(lock, "$argon2id$too-late")
    found = accounts.find(lock.account.name)
    assert found is not None
    assert found.password_hash == "$argon2id$stronger"


def test_an_account_goes_with_all_that_lets_it_in(store: PassageStore) -> None:
    access = store.access
    lock = make_lock("Ben", Role.VIEWER)
    access.accounts.add(make_lock("Anna"))
    access.accounts.add(lock)
    access.sessions.open(make_session(lock.account), b"session", lock)
    access.keys.add(make_key(lock.account), b"key")

    access.accounts.remove(lock.account.id)

    assert access.sessions.find(b"session") is None
    assert access.keys.find(b"key") is None
    with pytest.raises(AccountUnknownError):
        access.accounts.get(lock.account.id)
    with pytest.raises(AccountUnknownError):
        access.accounts.remove(lock.account.id)


def test_values_that_cannot_be_kept_are_refused_and_change_nothing(store: PassageStore) -> None:
    with pytest.raises(StoreError, match="cannot be stored"):
        store.access.accounts.add(make_lock("\ud800"))
    assert store.access.accounts.is_empty()


def test_password_hashes_are_shown_by_nothing() -> None:
    assert "argon2" not in repr(make_lock())
