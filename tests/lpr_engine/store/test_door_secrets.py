"""The door's secrets outlive a restart, are replaced now and then, and are shown by nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from lpr_engine.store.settings import write_setting
from lpr_engine.store.store import PassageStore

from .conftest import HeldClock


def test_secrets_outlive_a_restart(open_store: Callable[[], PassageStore]) -> None:
    first = open_store().access.secrets.current()
    assert len(first.keys) == 1
    assert all(len(key) == 32 for key in first.keys.values())
    assert open_store().access.secrets.current() == first


def test_two_stores_share_nothing(
    open_store: Callable[[], PassageStore], tmp_path_factory: pytest.TempPathFactory
) -> None:
    from lpr_engine.config.sections import StorageSection

    one = open_store().access.secrets.current()
    with PassageStore(StorageSection(directory=tmp_path_factory.mktemp("other"))) as other:
        assert other.access.secrets.current().keys != one.keys
        assert other.access.secrets.current().cookie_suffix != one.cookie_suffix


def test_a_key_is_replaced_after_a_month_and_still_counts_for_another(
    store: PassageStore, clock: HeldClock
) -> None:
    kept = store.access.secrets
    first = kept.current()
    clock.advance(timedelta(days=29))
    store.retain()
    assert kept.current() == first

    clock.advance(timedelta(days=1))
    store.retain()

    second = kept.current()
    assert len(second.keys) == 2
    assert list(second.keys.items())[1] == next(iter(first.keys.items()))
    assert second.cookie_suffix == first.cookie_suffix
    clock.advance(timedelta(days=31))
    store.retain()
    assert not set(first.keys) & set(kept.current().keys)


def test_a_key_made_by_a_wrong_clock_is_replaced(store: PassageStore, clock: HeldClock) -> None:
    first = store.access.secrets.current()
    clock.advance(timedelta(days=-400))
    assert next(iter(store.access.secrets.renew().keys)) not in first.keys


@pytest.mark.parametrize("damaged", ["", "[]", "{}", '{"cookie_suffix": "a", "keys": [{"id": 1}]}'])
def test_unreadable_secrets_are_begun_anew(
    open_store: Callable[[], PassageStore], damaged: str
) -> None:
    store = open_store()
    store.access.secrets.current()

    def damage(database: object) -> None:
        with database.transaction() as connection:
            write_setting(connection, "door_secrets", damaged)

    store._thread.call(damage)
    assert len(open_store().access.secrets.current().keys) == 1


def test_nothing_shows_them(store: PassageStore) -> None:
    secrets = store.access.secrets.current()
    shown = repr(secrets)
    assert not any(key.hex() in shown or repr(key) in shown for key in secrets.keys.values())
