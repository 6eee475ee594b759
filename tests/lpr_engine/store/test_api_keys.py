"""API keys: what they may do, whose they are, and that one removed is gone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from lpr_engine.model.access import Role, Scope
from lpr_engine.model.account import (
    AccountGoneError,
    ApiKey,
    KeyHolder,
    KeyUnknownError,
    TooManyKeysError,
)
from lpr_engine.model.token import KEY_PREFIX, digest_of, new_token
from lpr_engine.store.api_keys import MAX_KEYS, MAX_OF_ACCOUNT
from lpr_engine.store.store import PassageStore

from .access_values import make_key, make_lock
from .conftest import NOON


@pytest.mark.parametrize("is_owned", [True, False])
@pytest.mark.parametrize("changes", [{}, {"expires_at": None, "scopes": frozenset(Scope)}])
def test_key_comes_back_as_it_was_added(
    open_store: Callable[[], PassageStore], is_owned: bool, changes: dict[str, object]
) -> None:
    lock = make_lock()
    key = replace(make_key(lock.account if is_owned else None), **changes)
    access = open_store().access
    access.accounts.add(lock)
    access.keys.add(key, b"digest")

    access = open_store().access

    assert access.keys.find(b"digest") == KeyHolder(key, lock.account if is_owned else None)
    assert access.keys.find(b"other") is None
    assert access.keys.all() == (key,)
    assert access.keys.all(lock.account.id) == ((key,) if is_owned else ())


def test_changes_are_for_its_owner_or_for_all(store: PassageStore) -> None:
    access = store.access
    lock = make_lock()
    access.accounts.add(lock)
    key = make_key(lock.account)
    access.keys.add(key, b"digest")
    for refused in (
        lambda: access.keys.rename(key.id, "mine", "another"),
        lambda: access.keys.remove(key.id, "another"),
        lambda: access.keys.remove("unknown"),
    ):
        with pytest.raises(KeyUnknownError):
            refused()
    assert access.keys.rename(key.id, "gate", lock.account.id) == replace(key, name="gate")
    assert access.keys.remove(key.id).name == "gate"
    assert access.keys.find(b"digest") is None


def test_an_account_that_is_gone_gets_no_key(store: PassageStore) -> None:
    with pytest.raises(AccountGoneError):
        store.access.keys.add(make_key(make_lock().account), b"digest")
    assert store.access.keys.all() == ()


def test_use_is_noted(store: PassageStore) -> None:
    key = make_key()
    store.access.keys.add(key, b"digest")
    store.access.keys.touch(key.id, NOON + timedelta(hours=1))
    store.depth()
    assert store.access.keys.all()[0].last_used_at == NOON + timedelta(hours=1)


def test_keys_are_bounded(store: PassageStore) -> None:
    access = store.access
    lock = make_lock()
    access.accounts.add(lock)
    for number in range(MAX_OF_ACCOUNT):
        access.keys.add(make_key(lock.account), number.to_bytes(2, "big"))
    with pytest.raises(TooManyKeysError):
        access.keys.add(make_key(lock.account), b"one more")
    access.keys.add(make_key(), b"another's")
    assert len(access.keys.all()) == MAX_OF_ACCOUNT + 1 <= MAX_KEYS


@pytest.mark.parametrize(
    ("ends", "later", "is_valid"),
    [
        (False, timedelta(days=4000), True),
        (False, timedelta(days=-4000), True),
        (True, timedelta(days=89), True),
        (True, timedelta(days=90), False),
        (True, timedelta(days=-1), False),
    ],
)
def test_a_key_that_ends_counts_from_its_making_to_its_end(
    ends: bool, later: timedelta, is_valid: bool
) -> None:
    key = make_key() if ends else replace(make_key(), expires_at=None)
    assert key.is_valid(NOON + later) is is_valid


def test_a_key_may_never_do_more_than_its_owner() -> None:
    key: ApiKey = replace(make_key(), scopes=frozenset(Scope))
    assert KeyHolder(key, None).scopes == frozenset(Scope)
    viewer = make_lock(role=Role.VIEWER).account
    assert KeyHolder(key, viewer).scopes == {Scope.METRICS, Scope.READ}


def test_tokens_are_random_and_shown_by_nothing() -> None:
    one, other = new_token(KEY_PREFIX), new_token(KEY_PREFIX)
    assert one.text != other.text
    assert one.text.startswith(one.hint)
    assert len(one.text) >= 48
    assert one.text not in repr(one)
    assert one.digest == digest_of(one.text) != digest_of(other.text)
    assert digest_of("\udc80\ud800")
