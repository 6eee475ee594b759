"""`lpr-engine synth`: plates with texts that judging and training take."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import cv2
import pytest

from lpr_engine.training.reading.command import options_for
from lpr_engine.training.reading.crops import read_labels

Lpr = Callable[..., tuple[int, str, str]]


def rows_of(folder: Path) -> list[dict[str, str]]:
    with (folder / "crops" / "labels.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_what_is_drawn_can_be_judged_and_trained_on(lpr: Lpr, tmp_path: Path) -> None:
    folder = tmp_path / "drawn"
    code, out, err = lpr("synth", "--out", folder, "--count", 5, "--countries", "de,gb")
    assert (code, err) == (0, "")
    assert f"5 plates: {folder / 'crops' / 'labels.csv'}" in out
    rows = rows_of(folder)
    assert len(rows) == 5
    assert {row["region"].partition("-")[0] for row in rows} <= {"DE", "GB"}
    assert all((folder / "crops" / row["image_path"]).is_file() for row in rows)
    assert len(read_labels(options_for(folder, tmp_path / "run").labels)) == 5
    code, out, _ = lpr("evaluate", "reader", "--data", folder, "--json")
    assert code == 0
    assert json.loads(out)["total"]["second_look"]["plates"] == 5


def test_a_seed_gives_the_same_plates_again(lpr: Lpr, tmp_path: Path) -> None:
    for name, seed in (("one", 7), ("two", 7), ("three", 8)):
        assert lpr("synth", "--out", tmp_path / name, "--count", 3, "--seed", seed)[0] == 0
    one, two, three = (
        {
            path.relative_to(tmp_path / name): path.read_bytes()
            for path in (tmp_path / name).rglob("*.*")
        }
        for name in ("one", "two", "three")
    )
    assert one == two
    assert one != three


def test_a_folder_with_something_in_it_is_left_alone(lpr: Lpr, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    code, out, err = lpr("synth", "--out", tmp_path, "--count", 2)
    assert (code, out) == (1, "")
    assert str(tmp_path) in err
    assert "--overwrite" in err
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
    assert lpr("synth", "--out", tmp_path, "--count", 2, "--overwrite")[0] == 0
    assert lpr("synth", "--out", tmp_path, "--count", 3, "--overwrite", "--clean")[0] == 0
    assert len(rows_of(tmp_path)) == 3
    assert (tmp_path / "mine.txt").read_text() == "mine"


@pytest.mark.parametrize("name", ["sheet.png", "folder"])
def test_a_sheet_is_one_picture(name: str, lpr: Lpr, tmp_path: Path) -> None:
    code, out, _ = lpr("synth", "--out", tmp_path / name, "--count", 7, "--sheet")
    assert code == 0
    target = tmp_path / name if name.endswith(".png") else tmp_path / name / "sheet.png"
    assert str(target) in out
    picture = cv2.imread(str(target))
    assert picture.shape[0] < picture.shape[1]
    before = target.read_bytes()
    code, _, err = lpr("synth", "--out", tmp_path / name, "--count", 3, "--sheet", "--seed", 2)
    assert code == 1
    assert "--overwrite" in err
    assert target.read_bytes() == before


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--count", "0"], "no whole number from 1 up"),
        (["--count", "-3"], "no whole number from 1 up"),
        (["--count", "many"], "no whole number from 1 up"),
        (["--seed", "-1"], "no whole number from 0 up"),
        (["--sheet", "--count", "100000"], "at most"),
    ],
)
def test_options_that_make_no_sense_are_refused(
    options: list[str], reason: str, lpr: Lpr, tmp_path: Path
) -> None:
    code, _, err = lpr("synth", "--out", tmp_path / "x", *options)
    assert code == 2
    assert reason in err
    assert not (tmp_path / "x").exists()


def test_unknown_country_is_told_with_the_known_ones(lpr: Lpr, tmp_path: Path) -> None:
    code, _, err = lpr("synth", "--out", tmp_path / "x", "--countries", "DE,QX")
    assert code == 1
    assert "'QX'" in err
    assert "DE" in err
    assert not (tmp_path / "x").exists()


def test_a_file_in_the_way_is_named(lpr: Lpr, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    code, _, err = lpr("synth", "--out", tmp_path / "file", "--count", 1)
    assert code == 1
    assert str(tmp_path / "file") in err
    assert "[drawn_set_failed]" in err
