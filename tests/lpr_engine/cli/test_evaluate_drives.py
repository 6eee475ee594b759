"""`lpr-engine evaluate drives`: what it prints and writes, and how mistakes are told."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import cv2
import pytest

Lpr = Callable[..., tuple[int, str, str]]

QUICK = ("--count", 1, "--seed", 140)
"""One car that is soon gone."""


def test_tables_and_files_come_of_one_run(lpr: Lpr, tmp_path: Path) -> None:
    out = tmp_path / "study"
    code, shown, err = lpr("evaluate", "drives", *QUICK, "--out", out)
    assert (code, err) == (0, "")
    for word in ("single frame", "majority", "ours, final passage", "approaching", "km/h", "split"):
        assert word in shown
    assert str(out) in shown.replace("\n", "")
    assert {path.name for path in out.iterdir()} == {"report.json", "rows.csv", "sheet.png"}
    report = json.loads((out / "report.json").read_text("utf-8"))
    with (out / "rows.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert (report["drives"], len(rows)) == (1, len(report["rows"]))
    assert rows[0]["scenario"] == "approaching"
    sheet = cv2.imread(str(out / "sheet.png"))
    assert sheet.shape[1] == 4 * 480
    assert sheet.std() > 10


def test_json_is_one_object(lpr: Lpr) -> None:
    code, out, _ = lpr("evaluate", "drives", *QUICK, "--json", "--countries", "ee")
    assert code == 0
    assert json.loads(out)["seed"] == 140


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--count", "0"], "no number from 1 up"),
        (["--count", "many"], "no whole number"),
        (["--seed", "-1"], "no whole number"),
        (["--data", "pictures"], "--data goes without `drives`"),
        (["--weights", "own.onnx"], "--weights goes with `evaluate reader` alone"),
        (["--countries", "QX"], "no plate formats of 'QX'"),
    ],
)
def test_options_that_make_no_sense_are_refused(options: list[str], reason: str, lpr: Lpr) -> None:
    code, out, err = lpr("evaluate", "drives", *options)
    assert (code, out) == (2, "")
    assert reason in err


@pytest.mark.parametrize("option", [["--count", "3"], ["--seed", "3"], ["--crops", "x"]])
@pytest.mark.parametrize("part", [[], ["reader"]])
def test_options_of_drives_need_the_word(
    part: list[str], option: list[str], lpr: Lpr, tmp_path: Path
) -> None:
    code, _, err = lpr("evaluate", *part, "--data", tmp_path, *option)
    assert code == 2
    assert f"{option[0]} goes with `evaluate drives` alone" in err


def test_unusable_crops_are_told_before_anything_is_drawn(lpr: Lpr, tmp_path: Path) -> None:
    code, out, err = lpr("evaluate", "drives", "--crops", tmp_path)
    assert (code, out) == (1, "")
    assert "labels.csv" in err
    (tmp_path / "labels.csv").write_text("image_path,plate_text\ngone.png,AB1\n", "utf-8")
    code, out, err = lpr("evaluate", "drives", "--crops", tmp_path)
    assert (code, out) == (1, "")
    assert "labels.csv:2: gone.png: no such picture [training_data_invalid]" in err


def test_a_file_where_the_report_should_go_is_told_first(lpr: Lpr, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    code, out, err = lpr("evaluate", "drives", "--out", tmp_path / "file")
    assert (code, out) == (1, "")
    assert "[report_not_kept]" in err
