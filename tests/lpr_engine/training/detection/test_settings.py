from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lpr_engine.training import detection
from lpr_engine.training.detection import (
    DetectorSettingsError,
    DetectorTraining,
    Recipe,
    Schedule,
    read_settings,
)
from lpr_engine.training.detection.settings_file import write_settings


@pytest.mark.parametrize(
    ("section", "values", "named"),
    [
        (Recipe, {"paste_chance": 1.5}, "paste_chance"),
        (Recipe, {"focus_width": (0.5, 0.1)}, "focus_width"),
        (Recipe, {"paste_width": (0.0, 0.1)}, "paste_width"),
        (Recipe, {"picture_repeats": {"a": 0}}, "picture_repeats"),
        (Recipe, {"crop_shares": {"us": 0.0}}, "crop_shares"),
        (Recipe, {"sign_chance": -0.1}, "sign_chance"),
        (Recipe, {"label_margins": {"a": (0.5, 0.0, 0.5, 0.0)}}, "label_margins"),
        (Recipe, {"crop_margins": {"a": (0.0, -0.1, 0.0, 0.0)}}, "crop_margins"),
        (Schedule, {"epochs": 0}, "epochs"),
        (Schedule, {"sizes_px": (400,)}, "sizes_px"),
        (Schedule, {"sizes_px": ()}, "sizes_px"),
        (Schedule, {"learning_rate": 0.0}, "learning_rate"),
        (Schedule, {"average_decay": 1.0}, "average_decay"),
    ],
)
def test_a_value_out_of_range_is_named(
    section: type[Recipe] | type[Schedule], values: dict[str, Any], named: str
) -> None:
    with pytest.raises(DetectorSettingsError, match=named):
        section(**values)


def test_a_settings_file_gives_back_what_was_written(tmp_path: Path) -> None:
    training = DetectorTraining(
        data=tmp_path / "data",
        run=tmp_path / "run",
        seed=11,
        recipe=Recipe(
            crop_shares={"us": 0.5},
            picture_repeats={"kg_": 2},
            label_margins={"ro_": (0.05, 0.1, 0.05, 0.15)},
        ),
        schedule=Schedule(epochs=3, sizes_px=(64, 96)),
    )
    write_settings(training, tmp_path / "training.yaml")
    assert DetectorTraining(**read_settings(tmp_path / "training.yaml")) == training


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("speed: 3", "unknown setting speed"),
        ("recipe: {glue: 1}", r"unknown setting recipe\.glue"),
        ("schedule: {epochs: many}", r"schedule\.epochs: must be a whole number"),
        ("schedule: {epochs: true}", r"schedule\.epochs: must be a whole number"),
        ("schedule: {learning_rate: fast}", r"schedule\.learning_rate: must be a number"),
        ("half_arithmetic: 1", "half_arithmetic: must be true or false"),
        ("recipe: {paste_chance: 2}", r"recipe\.paste_chance: must be 0 to 1"),
        ("recipe: {paste_width: 3}", "wrong form"),
        ("recipe: {crop_shares: [1]}", "wrong form"),
        ("recipe: 3", "must be a mapping"),
        ("- a list", "must be a mapping"),
        ("a: [", "cannot be read"),
    ],
)
def test_a_bad_settings_file_says_what_is_wrong(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "training.yaml"
    path.write_text(text)
    with pytest.raises(DetectorSettingsError, match=told):
        read_settings(path)


def test_an_empty_settings_file_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "training.yaml"
    path.write_text("")
    assert read_settings(path) == {}


def test_a_missing_settings_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DetectorSettingsError, match="cannot be read"):
        read_settings(tmp_path / "none.yaml")


def test_the_recipe_of_the_shipped_detector_is_readable() -> None:
    shipped = Path(detection.__file__).parent / "shipped.yaml"
    training = DetectorTraining(Path("data"), Path("run"), **read_settings(shipped))
    assert training.recipe.label_margins["ro_"] == (0.05, 0.125, 0.04, 0.16)
    assert training.schedule.batch_size == 16
