"""Sessions are known by their digests, end when they should, and never live longer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from lpr_engine.model.account import PasswordOvertakenError, SessionUnknownError
from lpr_engine.store.sessions import MAX_OF_ACCOUNT
from lpr_engine.store.store import PassageStore

from .access_values import make_lock, make_session
from .conftest import NOON, HeldClock


def test_session_comes_back_with_its_account(open_store: Callable[[], PassageStore]) -> None:
    lock = make_lock()
    session = make_session(lock.account)
    access = open_store().access
    access.accounts.add(lock)
    access.sessions.open(session, b"digest", lock)

    access = open_store().access

    holder = access.sessions.find(b"digest")
    assert holder is not None
    assert holder.session == session
    assert holder.account == replace(lock.account, last_sign_in_at=NOON)
    assert access.sessions.find(b"other") is None
    assert access.sessions.all() == (session,) == access.sessions.all(lock.account.id)
    assert access.sessions.all("another") == ()


def test_a_password_that_changed_meanwhile_opens_nothing(store: PassageStore) -> None:
    access = store.access
    lock = make_lock()
    access.accounts.add(lock)
    access.accounts.set_password(lock.account.id, "$argon2id$new", NOON)
    with pytest.raises(PasswordOvertakenError):
        access.sessions.open(make_session(lock.account), b"digest", lock)
    with pytest.raises(PasswordOvertakenError):
        access.sessions.open(make_session(make_lock("Ben").account), b"digest", make_lock("Ben"))
    assert access.sessions.all() == ()


def test_ending_is_for_its_owner_or_for_all(store: PassageStore) -> None:
    access = store.access
    lock = make_lock()
    access.accounts.add(lock)
    session = make_session(lock.account)
    access.sessions.open(session, b"digest", lock)
    with pytest.raises(SessionUnknownError):
        access.sessions.end(session.id, "another")
    assert access.sessions.end(session.id, lock.account.id) == session
    with pytest.raises(SessionUnknownError):
        access.sessions.end(session.id)
    assert access.sessions.find(b"digest") is None


def test_the_least_used_of_too_many_sessions_end(store: PassageStore) -> None:
    access = store.access
    lock = make_lock()
    access.accounts.add(lock)
    for number in range(MAX_OF_ACCOUNT + 3):
        session = make_session(lock.account, NOON + timedelta(minutes=number))
        access.sessions.open(session, bytes([number]), lock)
    assert len(access.sessions.all()) == MAX_OF_ACCOUNT
    assert access.sessions.find(bytes([2])) is None
    assert access.sessions.find(bytes([3])) is not None


def test_use_is_noted(store: PassageStore) -> None:
    access = store.access
    lock = make_lock()
    access.accounts.add(lock)
    session = make_session(lock.account)
    access.sessions.open(session, b"digest", lock)
    access.sessions.touch(session.id, NOON + timedelta(hours=2))
    access.sessions.touch("unknown", NOON)
    # The store's thread does its jobs in turn.
    store.depth()
    assert access.sessions.all()[0].last_used_at == NOON + timedelta(hours=2)


def test_nothing_is_raised_when_use_cannot_be_noted(open_store: Callable[[], PassageStore]) -> None:
    store = open_store()
    lock = make_lock()
    session = make_session(lock.account)
    store.access.accounts.add(lock)
    store.access.sessions.open(session, b"digest", lock)
    store.close()
    store.access.sessions.touch(session.id, NOON + timedelta(hours=2))
    assert open_store().access.sessions.all() == (session,)


def test_sessions_that_are_over_are_removed(store: PassageStore, clock: HeldClock) -> None:
    access = store.access
    lock = make_lock()
    access.accounts.add(lock)
    access.sessions.open(make_session(lock.account, days=1), b"short", lock)
    access.sessions.open(make_session(lock.account), b"idle", lock)
    used = make_session(lock.account)
    access.sessions.open(used, b"used", lock)
    clock.advance(timedelta(days=7))
    access.sessions.touch(used.id, clock.now() - timedelta(days=1))

    store.retain()

    assert [session.id for session in access.sessions.all()] == [used.id]


@pytest.mark.parametrize(
    ("later", "is_open"),
    [
        (timedelta(0), True),
        (timedelta(days=6, hours=23), True),
        (timedelta(days=7), False),
        (timedelta(days=30), False),
        # A clock that was set back.
        (timedelta(minutes=-4), True),
        (timedelta(minutes=-6), False),
        (timedelta(days=-400), False),
    ],
)
def test_a_session_is_open_for_a_while(later: timedelta, is_open: bool) -> None:
    assert make_session(make_lock().account).is_open(NOON + later) is is_open


def test_use_never_prolongs_a_session_beyond_its_end() -> None:
    session = replace(make_session(make_lock().account), last_used_at=NOON + timedelta(days=29))
    assert session.is_open(NOON + timedelta(days=29, hours=23))
    assert not session.is_open(NOON + timedelta(days=30))
