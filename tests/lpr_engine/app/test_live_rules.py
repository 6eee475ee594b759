"""Rules in force follow what is kept: whole, at once, and never because of a store that fails."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from lpr_engine.app.live_rules import LiveRules
from lpr_engine.model.clock import SystemClock
from lpr_engine.model.errors import StoreError
from lpr_engine.model.question import Question
from lpr_engine.model.vehicle import ListMeaning, PlateList, Vehicle
from lpr_engine.model.vehicle_book import Register
from lpr_engine.plates.rules import PlateRules
from tests.lpr_engine.pipeline.scripted import wait_for

ALLOW = PlateList("allow", ListMeaning.ALLOW)


def register_of(*texts: str) -> Register:
    vehicles = [Vehicle(text, text, text, frozenset({"allow"})) for text in texts]
    return Register(tuple(vehicles), (ALLOW,))


class Shelf:
    """A store that answers what it is told to, or fails."""

    def __init__(self) -> None:
        self.answer: Callable[[], Register] = register_of
        self.asked = 0

    def register(self) -> Register:
        self.asked += 1
        return self.answer()

    def fail(self) -> Register:
        raise StoreError("the disk is gone")


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def rules() -> PlateRules:
    return PlateRules((), (), SystemClock())


@pytest.fixture
def live(rules: PlateRules, shelf: Shelf) -> LiveRules:
    return LiveRules(rules, shelf)


def knows(rules: PlateRules, text: str) -> bool:
    return rules.explain(Question(text, "gate", SystemClock().now())).vehicle is not None


def test_a_change_is_in_force_when_it_has_been_told(
    rules: PlateRules, shelf: Shelf, live: LiveRules
) -> None:
    shelf.answer = lambda: register_of("AB123")
    live.changed()
    assert knows(rules, "AB123")
    shelf.answer = register_of
    live.changed()
    assert not knows(rules, "AB123")


def test_a_store_that_fails_leaves_the_old_rules_until_it_answers(
    rules: PlateRules, shelf: Shelf, live: LiveRules
) -> None:
    shelf.answer = lambda: register_of("AB123")
    live.load()
    shelf.answer = shelf.fail
    live.changed()
    live.catch_up()
    assert knows(rules, "AB123")
    assert live.trouble is not None
    assert "the disk is gone" in live.trouble
    shelf.answer = lambda: register_of("CD456")
    live.catch_up()
    assert (knows(rules, "AB123"), knows(rules, "CD456")) == (False, True)
    assert live.trouble is None


def test_nothing_is_loaded_again_without_a_change(shelf: Shelf, live: LiveRules) -> None:
    live.changed()
    live.catch_up()
    live.catch_up()
    assert shelf.asked == 1


def test_a_store_that_fails_at_the_start_is_told(shelf: Shelf, live: LiveRules) -> None:
    shelf.answer = shelf.fail
    with pytest.raises(StoreError):
        live.load()


def test_changes_that_come_while_one_is_loaded_share_the_next_load(
    rules: PlateRules, shelf: Shelf, live: LiveRules
) -> None:
    let_go = threading.Event()

    def slowly() -> Register:
        let_go.wait(10)
        return register_of(f"N{shelf.asked}")

    shelf.answer = slowly
    changers = [threading.Thread(target=live.changed) for _ in range(8)]
    for one in changers:
        one.start()
    assert wait_for(lambda: live._changes == 8)
    let_go.set()
    for one in changers:
        one.join(10)
    assert shelf.asked == 2
    assert knows(rules, "N2")
