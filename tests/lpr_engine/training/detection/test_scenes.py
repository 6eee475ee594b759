from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from lpr_engine.training.detection import DetectorTraining, Recipe
from lpr_engine.training.detection.appearance import disturbed
from lpr_engine.training.detection.dataset import Dataset, load_dataset
from lpr_engine.training.detection.labels import LabelledPicture
from lpr_engine.training.detection.scenes import SceneComposer

PLAIN = Recipe(
    mosaic_chance=0, replace_chance=0, paste_chance=0, distractor_chance=0, negative_share=0
)


def lone_plate() -> Dataset:
    pixels = np.full((200, 300, 3), 10, np.uint8)
    pixels[80:110, 100:190] = 250
    item = LabelledPicture("a.png", pixels, np.array([[100, 80, 190, 110]], np.float32))
    return Dataset([item], [item], [], {})


@pytest.mark.parametrize("seed", range(25))
@pytest.mark.parametrize("mosaic_chance", [0, 1])
def test_boxes_follow_their_plates(seed: int, mosaic_chance: float) -> None:
    recipe = Recipe(
        mosaic_chance=mosaic_chance,
        replace_chance=0,
        paste_chance=0,
        distractor_chance=0,
        negative_share=0,
    )
    rng = np.random.default_rng(seed)
    scene, boxes = SceneComposer(lone_plate(), recipe).compose(rng, 256, mosaic=True)
    assert scene.shape == (256, 256, 3)
    assert scene.dtype == np.uint8
    for x0, y0, x1, y1 in boxes:
        assert 0 <= x0 < x1 <= 256
        assert 0 <= y0 < y1 <= 256
        inside = scene[int(y0) : int(np.ceil(y1)), int(x0) : int(np.ceil(x1))]
        assert inside.mean() > 90


def test_most_views_show_a_plate() -> None:
    composer = SceneComposer(lone_plate(), PLAIN)
    rng = np.random.default_rng(1)
    shown = [len(composer.compose(rng, 128, mosaic=False)[1]) for _ in range(40)]
    assert sum(shown) >= 36


def test_the_same_random_numbers_give_the_same_scene(data: Path, tmp_path: Path) -> None:
    composer = SceneComposer(load_dataset(DetectorTraining(data, tmp_path / "run")), Recipe())
    first, second = (composer.compose(np.random.default_rng(5), 160, mosaic=True) for _ in range(2))
    assert (first[0] == second[0]).all()
    assert (first[1] == second[1]).all()


def test_every_kind_of_scene_is_composed(data: Path, tmp_path: Path) -> None:
    composer = SceneComposer(load_dataset(DetectorTraining(data, tmp_path / "run")), Recipe())
    rng = np.random.default_rng(6)
    counts = [len(composer.compose(rng, 160, mosaic=True)[1]) for _ in range(60)]
    assert 0 in counts
    assert max(counts) >= 4


def test_repeated_pictures_come_more_often() -> None:
    bright, dark = (
        LabelledPicture(name, np.full((60, 60, 3), value, np.uint8), np.zeros((0, 4), np.float32))
        for name, value in (("web_1.png", 255), ("dash_1.png", 0))
    )
    recipe = Recipe(
        mosaic_chance=0,
        paste_chance=0,
        distractor_chance=0,
        picture_repeats={"web_": 9},
    )
    composer = SceneComposer(Dataset([bright, dark], [], [], {}), recipe)
    rng = np.random.default_rng(7)
    middles = [composer.compose(rng, 64, mosaic=False)[0][32, 32].mean() for _ in range(60)]
    assert np.mean(np.array(middles) > 60) > 0.7


@pytest.mark.parametrize("seed", range(40))
def test_disturbed_keeps_shape_and_kind(seed: int) -> None:
    rng = np.random.default_rng(seed)
    scene = np.asarray(rng.integers(0, 255, (96, 128, 3)), np.uint8)
    changed = disturbed(rng, scene)
    assert changed.shape == scene.shape
    assert changed.dtype == np.uint8
    assert changed.std() > 5
