"""Guessing slowed down: growing, capped, bounded, and not at the owner's cost."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lpr_engine.api.access.throttle import ACCOUNT_PATIENCE, ADDRESS_PATIENCE, Throttle
from tests.lpr_engine.store.conftest import HeldClock


@pytest.fixture
def clock() -> HeldClock:
    return HeldClock()


@pytest.fixture
def throttle(clock: HeldClock) -> Throttle:
    return Throttle(clock)


def wait_out(throttle: Throttle, clock: HeldClock, address: str, name: str) -> float:
    """Attempt as soon as that is welcome; returns how long it took."""
    waited = throttle.admit(address, name)
    if waited:
        clock.advance(timedelta(seconds=waited))
        assert throttle.admit(address, name) == 0
    return waited


def test_an_address_waits_longer_with_each_failure_up_to_a_cap(
    throttle: Throttle, clock: HeldClock
) -> None:
    waits = [wait_out(throttle, clock, "10.0.0.1", f"name{number}") for number in range(16)]
    assert waits == [0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]


def test_an_account_waits_shortly_however_many_places_guess_at_it(
    throttle: Throttle, clock: HeldClock
) -> None:
    waits = [wait_out(throttle, clock, f"10.0.1.{number}", "Anna") for number in range(40)]
    assert waits[:10] == [0] * 10
    assert waits[10:16] == [1, 2, 4, 8, 16, 30]
    assert max(waits) == ACCOUNT_PATIENCE.longest_s == 30


def test_the_owner_is_not_held_up_where_they_signed_in_before(
    throttle: Throttle, clock: HeldClock
) -> None:
    assert throttle.admit("10.0.0.1", "Anna") == 0
    throttle.succeed("10.0.0.1", "Anna")
    for number in range(30):
        wait_out(throttle, clock, f"10.0.1.{number}", "anna")
    assert throttle.admit("10.0.2.1", "Anna") > 0
    assert throttle.admit("10.0.0.1", "ANNA") == 0
    # Another account from there is not known there.
    assert throttle.admit("10.0.0.1", "Ben") == 0


def test_success_is_no_failure(throttle: Throttle) -> None:
    for _ in range(100):
        assert throttle.admit("10.0.0.1", "Anna") == 0
        throttle.succeed("10.0.0.1", "Anna")


def test_ones_own_success_does_not_pay_for_guessing_at_others(
    throttle: Throttle, clock: HeldClock
) -> None:
    waited = 0.0
    for number in range(12):
        waited += wait_out(throttle, clock, "10.0.0.1", f"victim{number}")
        waited += wait_out(throttle, clock, "10.0.0.1", "mallory")
        throttle.succeed("10.0.0.1", "mallory")
    assert waited > ADDRESS_PATIENCE.longest_s / 2


def test_attempts_side_by_side_all_count(throttle: Throttle) -> None:
    admitted = [throttle.admit("10.0.0.1", "Anna") == 0 for _ in range(50)]
    assert sum(admitted) == ADDRESS_PATIENCE.free


def test_attempts_that_come_too_soon_do_not_make_the_wait_longer(
    throttle: Throttle, clock: HeldClock
) -> None:
    for _ in range(50):
        throttle.admit("10.0.0.1", "Anna")
    clock.advance(timedelta(seconds=1))
    assert throttle.admit("10.0.0.1", "Anna") == 0


def test_failures_are_forgotten_after_a_while(throttle: Throttle, clock: HeldClock) -> None:
    for _ in range(12):
        wait_out(throttle, clock, "10.0.0.1", "Anna")
    clock.advance(timedelta(minutes=15))
    assert [throttle.admit("10.0.0.1", "Anna") for _ in range(4)] == [0] * 4


def test_the_wall_clock_does_not_matter(throttle: Throttle, clock: HeldClock) -> None:
    for _ in range(6):
        throttle.admit("10.0.0.1", "Anna")
    clock.current += timedelta(days=1000)
    assert throttle.admit("10.0.0.1", "Anna") > 0
    clock.current -= timedelta(days=2000)
    clock.seconds += 1
    assert throttle.admit("10.0.0.1", "Anna") == 0


def test_one_home_has_all_addresses_of_its_network(throttle: Throttle) -> None:
    waits = [throttle.admit(f"2001:db8::{number:x}", f"name{number}") for number in range(6)]
    assert waits == [0, 0, 0, 0, 0, 1]
    assert throttle.admit("2001:db8:0:1::1", "Anna") == 0
    assert throttle.admit("::ffff:10.0.0.1", "Anna") == 0


def test_memory_is_bounded_and_many_names_wash_no_account_free(
    throttle: Throttle, clock: HeldClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(20):
        wait_out(throttle, clock, f"10.0.1.{number}", "Anna")
    for number in range(20_000):
        throttle.admit(f"2001:db8:{number >> 8:x}:{number & 255:x}::1", f"name{number}")
    assert len(throttle._addresses) == 4096
    assert len(throttle._accounts) <= 4096
    assert throttle.admit("10.9.9.9", "Anna") > 0
    for number in range(2000):
        throttle.succeed(f"10.1.{number >> 8}.{number & 255}", "Anna")
    assert len(throttle._friends) == 512


@pytest.mark.parametrize("name", ["", "\ud800", "\x00", "a" * 10_000])
def test_odd_names_and_addresses_are_throttled_too(throttle: Throttle, name: str) -> None:
    waits = [throttle.admit("no address", name) for _ in range(6)]
    assert waits == [0, 0, 0, 0, 0, 1]
