"""The store as the pipeline, the publisher and the API use it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from lpr_engine.config.sections import StorageSection
from lpr_engine.model.clock import SystemClock
from lpr_engine.model.errors import StoreError
from lpr_engine.model.passage import Stage
from lpr_engine.model.ports import Outbox, PassageArchive
from lpr_engine.store.failures import StoreClosedError
from lpr_engine.store.store import PassageStore

from .conftest import make_passage, make_update


def test_store_is_the_archive_and_the_outbox(store: PassageStore) -> None:
    archive: PassageArchive = store
    outbox: Outbox = store

    kept = archive.commit(make_update())

    assert [row.passage for row in outbox.pending(10)] == [kept]


def test_committed_passage_has_sequence_and_both_pictures(
    store: PassageStore, storage: StorageSection
) -> None:
    update = make_update()

    kept = store.commit(update)

    assert kept == replace(update.passage, sequence=1, crop=kept.crop, frame=kept.frame)
    assert kept.crop is not None
    assert kept.frame is not None
    picture = cv2.imread(str(storage.directory / kept.frame))
    assert picture is not None
    assert picture.shape == update.evidence.frame.pixels.shape
    assert store.media.read(kept.crop) == (storage.directory / kept.crop).read_bytes()


def test_everything_is_there_after_reopening(open_store: Callable[[], PassageStore]) -> None:
    first = open_store()
    kept = [first.commit(make_update(seed=seed)) for seed in range(3)]

    again = open_store()

    assert [row.passage for row in again.pending(10)] == kept
    assert again.search.latest(10).passages == tuple(reversed(kept))
    assert again.problems == ()


def test_a_preview_of_an_earlier_run_gets_its_final_once(
    open_store: Callable[[], PassageStore],
) -> None:
    first = open_store()
    preview = first.commit(make_update())
    settled = first.commit(make_update(make_passage(stage=Stage.FINAL), seed=1))

    again = open_store()
    live = again.commit(make_update(seed=2))
    closed = again.close_orphans()

    expected = replace(preview, revision=2, stage=Stage.FINAL, sequence=4)
    assert closed == (expected,)
    assert again.close_orphans() == ()
    assert [row.passage for row in again.pending(10)] == [preview, settled, live, expected]
    assert again.search.get(live.id) == live


def test_many_orphans_are_closed_in_batches(open_store: Callable[[], PassageStore]) -> None:
    first = open_store()
    waiting = [first.submit(make_update()) for _ in range(205)]
    ids = {future.result().id for future in waiting}

    closed = open_store().close_orphans()

    assert {passage.id for passage in closed} == ids
    assert {passage.stage for passage in closed} == {Stage.FINAL}


def test_closing_finishes_what_is_queued(
    open_store: Callable[[], PassageStore],
) -> None:
    store = open_store()
    futures = [store.submit(make_update(seed=seed)) for seed in range(20)]

    store.close()

    kept = [future.result(timeout=0) for future in futures]
    assert [passage.sequence for passage in kept] == list(range(1, 21))
    with pytest.raises(StoreClosedError):
        store.commit(make_update())
    assert open_store().depth() == 20


def test_folder_belongs_to_one_engine(store: PassageStore, storage: StorageSection) -> None:
    with pytest.raises(StoreError, match="another engine uses this folder"):
        PassageStore(storage).open()

    assert store.commit(make_update()).sequence == 1


def test_missing_parent_is_named(tmp_path: Path) -> None:
    directory = tmp_path / "gone" / "data"

    with pytest.raises(StoreError, match="the folder above it does not exist"):
        PassageStore(StorageSection(directory=directory)).open()


def test_file_in_place_of_the_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").touch()

    with pytest.raises(StoreError, match="a folder is needed"):
        PassageStore(StorageSection(directory=tmp_path / "data")).open()


def test_unknown_picture_format_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="'gif'"):
        PassageStore(StorageSection(directory=tmp_path, picture_format="gif"))


def test_webp_without_frames(tmp_path: Path) -> None:
    storage = StorageSection(directory=tmp_path, picture_format="webp", keep_frames=False)

    with PassageStore(storage, clock=SystemClock()) as store:
        kept = store.commit(make_update())

    assert kept.frame is None
    assert kept.crop is not None
    assert kept.crop.endswith(".webp")
    content = np.frombuffer((tmp_path / kept.crop).read_bytes(), np.uint8)
    assert cv2.imdecode(content, cv2.IMREAD_COLOR) is not None


def test_names_in_the_folder_tell_nothing_of_plates_and_cameras(
    store: PassageStore, storage: StorageSection
) -> None:
    store.commit(make_update(make_passage(text="../../SECRET", camera="../door")))

    names = " ".join(str(path) for path in storage.directory.rglob("*"))
    assert "SECRET" not in names
    assert "door" not in names


def test_snapshot_is_kept_and_not_swept(store: PassageStore) -> None:
    path = store.keep_picture(b"a snapshot")

    store.retain()

    assert store.media.read(path) == b"a snapshot"
