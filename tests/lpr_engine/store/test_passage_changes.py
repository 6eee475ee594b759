"""A passage that somebody wants gone is gone, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from lpr_engine.config.sections import StorageSection
from lpr_engine.model.passage import Passage, Stage, Verdict
from lpr_engine.model.passage_actions import Correction
from lpr_engine.model.vehicle_errors import (
    ChangedMeanwhileError,
    PassageUnfinishedError,
    PassageUnknownError,
)
from lpr_engine.store.database import Database
from lpr_engine.store.store import PassageStore

from .conftest import make_passage, make_update


def files_of(storage: StorageSection) -> int:
    return sum(path.is_file() for path in (storage.directory / "media").rglob("*"))


def rows_of(store: PassageStore) -> dict[str, int]:
    """How many rows each table has, but for those that count or number something."""

    def count(database: Database) -> dict[str, int]:
        names = [
            row["name"]
            for row in database.rows("SELECT name FROM sqlite_master WHERE type = 'table'")
        ]
        return {
            name: database.rows(f"SELECT count(*) AS n FROM {name}")[0]["n"]  # noqa: S608
            for name in names
            if name not in {"sqlite_sequence", "settings"}
        }

    return store._thread.call(count)


def seen(store: PassageStore, seed: int = 0) -> Passage:
    return store.commit(make_update(make_passage(stage=Stage.FINAL), seed=seed))


def test_nothing_is_left_of_a_removed_passage(
    open_store: Callable[[], PassageStore], storage: StorageSection
) -> None:
    store = open_store()
    before = rows_of(store)
    preview = make_passage()
    store.commit(make_update(preview, seed=1))
    final = replace(preview, revision=2, stage=Stage.FINAL)
    store.commit(make_update(final, seed=7))
    store.books.remarks.tag(final.id, "vip")
    store.books.remarks.note(final.id, "who is this?", "anna")
    corrected = store.books.changes.correct(Correction(final.id, "XY1", "anna"), Verdict())
    used = {name for name, count in rows_of(store).items() if count > before[name]}
    assert used >= {
        "passages", "readings", "outbox", "media", "passage_tags", "passage_notes", "corrections",
    }  # fmt: skip

    assert store.books.changes.remove(final.id, seen=3) == corrected

    assert rows_of(store) == before
    assert files_of(storage) == 0
    assert store.pending(10) == []
    assert rows_of(open_store()) == before


def test_pictures_that_another_passage_shows_stay(
    store: PassageStore, storage: StorageSection
) -> None:
    gone, stays = seen(store, 4), seen(store, 4)
    assert gone.crop == stays.crop

    store.books.changes.remove(gone.id)

    assert store.media.exists(str(stays.crop))
    assert files_of(storage) == 2
    assert store.search.get(stays.id) == stays


def test_what_waits_is_never_sent_and_its_number_never_given_again(store: PassageStore) -> None:
    first, second = seen(store, 1), seen(store, 5)
    store.mark_attempted([first.sequence, second.sequence])

    store.books.changes.remove(second.id)
    store.acknowledge([second.sequence])

    assert [row.sequence for row in store.pending(10)] == [first.sequence]
    assert seen(store, 9).sequence == second.sequence + 1


def test_removals_that_cannot_be(store: PassageStore) -> None:
    preview, final = store.commit(make_update()), seen(store, 3)
    before = rows_of(store)

    with pytest.raises(PassageUnfinishedError):
        store.books.changes.remove(preview.id)
    with pytest.raises(PassageUnknownError):
        store.books.changes.remove("nothing")
    with pytest.raises(ChangedMeanwhileError):
        store.books.changes.remove(final.id, seen=2)

    assert rows_of(store) == before


def test_a_preview_with_the_same_pictures_goes_on(store: PassageStore) -> None:
    preview = make_passage()
    shown = store.commit(make_update(preview, seed=4))
    gone = seen(store, 4)

    store.books.changes.remove(gone.id)
    final = store.commit(make_update(replace(preview, revision=2, stage=Stage.FINAL), seed=4))

    assert (final.crop, final.frame) == (shown.crop, shown.frame)
    assert store.media.exists(str(final.crop))
