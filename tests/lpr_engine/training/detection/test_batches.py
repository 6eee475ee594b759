from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest

from lpr_engine.training.detection import DetectorTraining, Recipe, Schedule
from lpr_engine.training.detection.batches import as_input, batches_ahead, compose_batch, pack
from lpr_engine.training.detection.dataset import Dataset, load_dataset
from lpr_engine.training.detection.scenes import SceneComposer

SCHEDULE = Schedule(epochs=2, batches_per_epoch=2, batch_size=3, sizes_px=(64, 96))


@pytest.fixture
def composer(data: Path, tmp_path: Path) -> SceneComposer:
    return SceneComposer(load_dataset(DetectorTraining(data, tmp_path / "run")), Recipe())


def composing_threads() -> int:
    return sum(thread.name == "compose-batches" for thread in threading.enumerate())


def test_pack_gives_centres_and_owners() -> None:
    scenes = [np.zeros((100, 100, 3), np.uint8)] * 3
    boxes = [
        np.array([[10, 20, 30, 60]], np.float32),
        np.zeros((0, 4), np.float32),
        np.array([[0, 0, 100, 100], [50, 50, 100, 100]], np.float32),
    ]
    batch = pack(scenes, boxes)
    assert batch.owners.tolist() == [0, 2, 2]
    assert batch.boxes == pytest.approx(
        np.array([[0.2, 0.4, 0.2, 0.4], [0.5, 0.5, 1, 1], [0.75, 0.75, 0.5, 0.5]])
    )


def test_input_is_rgb_from_0_to_1() -> None:
    scene = np.zeros((8, 16, 3), np.uint8)
    scene[..., 2] = 255
    inputs = as_input([scene])
    assert inputs.shape == (1, 3, 8, 16)
    assert inputs.dtype == np.float32
    assert inputs.mean(axis=(0, 2, 3)).tolist() == [1, 0, 0]


def test_an_interrupted_run_gets_the_same_batches(composer: SceneComposer) -> None:
    whole = list(batches_ahead(composer, SCHEDULE, seed=4, first=0, count=4))
    rest = list(batches_ahead(composer, SCHEDULE, seed=4, first=2, count=2))
    for one, other in zip(whole[2:], rest, strict=True):
        assert (one.pictures == other.pictures).all()
        assert (one.boxes == other.boxes).all()
    assert whole[0].pictures.shape[0] == 3
    assert {batch.pictures.shape[2] for batch in whole} <= {64, 96}


def test_another_seed_gives_other_batches(composer: SceneComposer) -> None:
    one, other = (compose_batch(composer, SCHEDULE, seed, 0).pictures for seed in (1, 2))
    assert one.shape != other.shape or (one != other).any()


def test_leaving_early_ends_the_thread(composer: SceneComposer) -> None:
    ahead = batches_ahead(composer, SCHEDULE, seed=4, first=0, count=1000)
    next(ahead)
    assert composing_threads() == 1
    ahead.close()
    assert composing_threads() == 0


def test_a_failure_in_the_thread_reaches_the_trainer() -> None:
    empty = SceneComposer(Dataset([], [], [], {}), Recipe())
    with pytest.raises(ValueError, match="high <= 0"):
        next(batches_ahead(empty, SCHEDULE, seed=1, first=0, count=1))
    assert composing_threads() == 0
