"""Pictures of revisions: encoded once, shared while the evidence stays the same."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from lpr_engine.config.sections import StorageSection
from lpr_engine.model.errors import DiskFullError
from lpr_engine.model.passage import PassageUpdate, Stage
from lpr_engine.model.pixels import Pixels
from lpr_engine.store.evidence import EvidenceKeeper
from lpr_engine.store.media import MediaFolder, StoredPicture
from lpr_engine.store.store import PassageStore

from .conftest import make_evidence, make_passage, make_update


@pytest.fixture
def encodings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The formats that pictures were encoded to, one entry for each time."""
    done: list[str] = []
    encode = cv2.imencode

    def note(suffix: str, *rest: object) -> object:
        done.append(suffix)
        return encode(suffix, *rest)  # type: ignore[call-overload]

    monkeypatch.setattr(cv2, "imencode", note)
    return done


def test_same_evidence_is_not_encoded_again(store: PassageStore, encodings: list[str]) -> None:
    preview = make_passage()
    evidence = make_evidence(3)
    first = store.commit(make_update(preview, evidence=evidence))

    final = replace(preview, revision=2, stage=Stage.FINAL)
    second = store.commit(make_update(final, evidence=evidence))

    assert (second.crop, second.frame) == (first.crop, first.frame)
    assert len(encodings) == 2


def test_better_evidence_replaces_the_pictures(store: PassageStore) -> None:
    preview = make_passage()
    first = store.commit(make_update(preview, seed=1))
    second = store.commit(make_update(replace(preview, revision=2), seed=2))

    assert first.crop != second.crop
    assert first.frame != second.frame
    assert store.search.get(preview.id) == second


def test_lost_picture_is_written_again(store: PassageStore, storage: StorageSection) -> None:
    preview, evidence = make_passage(), make_evidence(3)
    kept = store.commit(make_update(preview, evidence=evidence))
    (storage.directory / (kept.frame or "")).unlink()

    store.commit(make_update(replace(preview, revision=2), evidence=evidence))

    assert store.media.exists(kept.frame or "")


def test_picture_that_cannot_be_encoded_does_not_cost_the_passage(
    store: PassageStore, caplog: pytest.LogCaptureFixture
) -> None:
    evidence = make_evidence()
    empty = replace(evidence.observation.crop, pixels=np.zeros((0, 0, 3), np.uint8))
    broken = replace(evidence, observation=replace(evidence.observation, crop=empty))

    kept = store.commit(PassageUpdate(make_passage(), broken))

    assert kept.crop is None
    assert kept.frame is not None
    assert "crop of shape (0, 0, 3) cannot be encoded" in caplog.text


def test_memory_of_evidence_is_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encodings: list[str]
) -> None:
    monkeypatch.setattr("lpr_engine.store.evidence._REMEMBERED_PASSAGES", 2)
    keeper = EvidenceKeeper(StorageSection(keep_frames=False), MediaFolder(tmp_path))
    updates = [make_update(seed=seed) for seed in range(3)]
    for update in updates:
        keeper.remember(update, keeper.keep(update))
    encodings.clear()

    for update in reversed(updates):
        keeper.keep(update)

    assert len(encodings) == 1


@pytest.mark.parametrize("failing", ["crop", "frame"])
def test_one_refused_picture_takes_the_other_with_it(
    store: PassageStore,
    storage: StorageSection,
    monkeypatch: pytest.MonkeyPatch,
    failing: str,
) -> None:
    evidence = make_evidence()
    put = EvidenceKeeper._put

    def refuse(self: EvidenceKeeper, pixels: Pixels, name: str) -> StoredPicture | None:
        if name == failing:
            raise DiskFullError("no space left")
        return put(self, pixels, name)

    monkeypatch.setattr(EvidenceKeeper, "_put", refuse)

    with pytest.raises(DiskFullError):
        store.commit(PassageUpdate(make_passage(), evidence))

    assert list(storage.directory.glob("media/*/*")) == []


def test_crop_that_is_the_whole_frame_is_kept_once(
    store: PassageStore, storage: StorageSection
) -> None:
    evidence = make_evidence()
    whole = replace(evidence.observation.crop, pixels=evidence.frame.pixels)
    same = replace(evidence, observation=replace(evidence.observation, crop=whole))

    kept = store.commit(PassageUpdate(make_passage(), same))

    assert kept.crop == kept.frame
    assert len(list(storage.directory.glob("media/*/*"))) == 1


def test_other_format_counts_from_the_next_picture_on(
    store: PassageStore, storage: StorageSection
) -> None:
    before = store.commit(make_update(seed=1))
    store.picture_by(replace(storage, picture_format="webp", keep_frames=False))
    after = store.commit(make_update(seed=5))
    assert before.crop is not None
    assert before.crop.endswith(".jpg")
    assert after.crop is not None
    assert after.crop.endswith(".webp")
    assert after.frame is None
