"""Cursors: only what was handed out for a search leads on in it, whatever comes in meanwhile."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lpr_engine.model.errors import CursorError
from lpr_engine.model.search import Order, PassageFilter, TextKind, TextQuery
from lpr_engine.store.database import Database
from lpr_engine.store.finding.cursor import read_cursor, write_cursor
from lpr_engine.store.finding.hit import Place
from lpr_engine.store.store import PassageStore
from tests.lpr_engine.store.conftest import NOON, make_passage, make_update

MINUTE = timedelta(minutes=1)
FILTER = PassageFilter(cameras=("gate",), text=TextQuery("AB1", TextKind.FUZZY))
NEWEST = Order.NEWEST


@settings(deadline=None)
@given(
    place=st.builds(
        Place,
        seen_ms=st.integers(-(2**63), 2**63 - 1),
        number=st.integers(0, 2**63 - 1),
        confidence=st.floats(0, 1),
        key=st.integers(0, 100),
    )
)
def test_cursor_is_read_as_it_was_written(place: Place) -> None:
    assert read_cursor(write_cursor(place, FILTER, Order.BEST), FILTER, Order.BEST) == place


@pytest.mark.parametrize(
    ("filters", "order"),
    [
        (replace(FILTER, cameras=("yard",)), NEWEST),
        (replace(FILTER, since=NOON), NEWEST),
        (replace(FILTER, text=TextQuery("AB1", TextKind.PREFIX)), NEWEST),
        (PassageFilter(), NEWEST),
        (FILTER, Order.BEST),
    ],
)
def test_cursor_belongs_to_its_search(filters: PassageFilter, order: Order) -> None:
    cursor = write_cursor(Place(1, 2), FILTER, NEWEST)

    with pytest.raises(CursorError):
        read_cursor(cursor, filters, order)


@settings(deadline=None)
@given(
    st.text(max_size=80) | st.binary(max_size=60).map(lambda some: base64.b64encode(some).decode())
)
def test_anything_else_is_refused(cursor: str) -> None:
    with pytest.raises(CursorError):
        read_cursor(cursor, FILTER, NEWEST)


def test_each_changed_sign_is_noticed() -> None:
    cursor = write_cursor(Place(1_780_000_000_000, 7, 0.5, 3), FILTER, NEWEST)
    for place, sign in enumerate(cursor[:-1]):
        changed = cursor[:place] + ("A" if sign != "A" else "B") + cursor[place + 1 :]
        with pytest.raises(CursorError):
            read_cursor(changed, FILTER, NEWEST)


@pytest.mark.parametrize("order", list(Order))
def test_pages_stay_in_step_while_passages_come_and_go(store: PassageStore, order: Order) -> None:
    filters = PassageFilter(text=TextQuery("AB", TextKind.PREFIX))
    kept = [
        store.commit(make_update(make_passage(seen=NOON + MINUTE * number), seed=number))
        for number in range(11)
    ]
    wanted = [one.id for one in reversed(kept)]
    page = store.search.find(filters, 2, order)
    found = [passage.id for passage in page.passages]
    for step in range(4):
        # One that is newer, one that lies before what was shown, and one taken away.
        store.commit(make_update(make_passage(seen=NOON + MINUTE * (20 + step))))
        store.commit(
            make_update(make_passage(seen=NOON + MINUTE * 8.5, text="XX1", alternatives=()))
        )
        if step == 1:
            gone = wanted.pop()
            remove(store, gone)
        assert page.next_cursor is not None
        page = store.search.find(filters, 2, order, page.next_cursor)
        found += [passage.id for passage in page.passages]

    assert page.next_cursor is None
    assert found == wanted


def remove(store: PassageStore, passage_id: str) -> None:
    def job(database: Database) -> None:
        with database.transaction() as connection:
            connection.execute("DELETE FROM outbox WHERE passage_id = ?", (passage_id,))
            connection.execute("DELETE FROM passages WHERE id = ?", (passage_id,))

    store._thread.call(job)
