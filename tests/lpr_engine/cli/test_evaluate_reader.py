"""`lpr-engine evaluate reader`: what it prints and writes, and how mistakes are told."""

from __future__ import annotations

import csv
import importlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from lpr_engine.vision.registry import BUNDLED_DIRECTORY
from tests.lpr_engine.training.evaluation.plain_plates import write_plain_plates

Lpr = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="session")
def plates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight drawn crops with their labels."""
    folder = tmp_path_factory.mktemp("crops") / "plates"
    write_plain_plates(folder)
    labels = folder / "labels.csv"
    labels.write_text("\n".join(labels.read_text("utf-8").splitlines()[:9]) + "\n", "utf-8")
    return folder


def test_tables_show_each_set_in_both_ways(lpr: Lpr, plates: Path) -> None:
    code, out, err = lpr("evaluate", "reader", "--data", plates)
    assert (code, err) == (0, "")
    for word in ("clean", "worn", "total", "looks", "CER", "ECE"):
        assert word in out
    assert "wanted > read" in out


def test_json_and_weights_of_ones_own(lpr: Lpr, plates: Path, tmp_path: Path) -> None:
    for suffix in (".onnx", ".yaml"):
        shutil.copy(BUNDLED_DIRECTORY / f"reader{suffix}", tmp_path / f"own{suffix}")
    own = ["--weights", tmp_path / "own.onnx", "--countries", "de,us-ca"]
    reports = []
    for options in ([], own, ["--model", "reader"]):
        code, out, _ = lpr("evaluate", "reader", "--data", plates, "--json", *options)
        assert code == 0
        reports.append(json.loads(out))
    assert [len(report["rows"]) for report in reports] == [8, 8, 8]
    texts = [[row["one_look"]["text_without_prior"] for row in one["rows"]] for one in reports]
    assert texts[0] == texts[1] == texts[2]
    assert reports[0]["total"]["second_look"]["exact"] >= 5


def test_report_is_written(lpr: Lpr, plates: Path, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="pictures need the training extra")
    code, out, _ = lpr("evaluate", "reader", "--data", plates, "--out", tmp_path / "report")
    assert code == 0
    assert str(tmp_path / "report") in out.replace("\n", "")
    names = {path.name for path in (tmp_path / "report").iterdir()}
    assert names == {
        "report.json", "rows.csv", "confusion.png", "reliability.png", "failures.png"
    }  # fmt: skip
    with (tmp_path / "report" / "rows.csv").open(encoding="utf-8") as file:
        assert len(list(csv.DictReader(file))) == 8


def test_missing_extra_is_named_before_anything_is_read(
    lpr: Lpr, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = importlib.import_module

    def without_matplotlib(name: str) -> object:
        if name.endswith("reader.folder"):
            raise ModuleNotFoundError("No module named 'matplotlib'", name="matplotlib")
        return real(name)

    monkeypatch.setattr("importlib.import_module", without_matplotlib)
    code, out, err = lpr("evaluate", "reader", "--data", tmp_path, "--out", tmp_path / "report")
    assert (code, out) == (1, "")
    assert "matplotlib" in err
    assert "lpr-engine[training]" in err
    assert "[training_extra_missing]" in err
    assert not (tmp_path / "report").exists()


def test_bad_labels_are_named_and_nothing_is_written(
    lpr: Lpr, plates: Path, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    shutil.copytree(plates, data)
    (data / "worn" / "001.png").write_bytes(b"no picture")
    code, out, err = lpr("evaluate", "reader", "--data", data, "--json")
    assert (code, out) == (1, "")
    assert f"{data / 'labels.csv'}:3: " in err
    assert "001.png" in err
    with (data / "labels.csv").open("a", encoding="utf-8") as file:
        file.write("gone.png,AB1,x\n")
    code, out, err = lpr("evaluate", "reader", "--data", data, "--json")
    assert (code, out) == (1, "")
    assert f"{data / 'labels.csv'}:10: no picture 'gone.png'" in err


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--countries", "DE,QX"], "no plate formats of 'QX'"),
        (["--countries", ""], "no plate formats of ''"),
        (["--confidence", "0.4"], "--confidence goes without `reader`"),
        (["--input-size", "320"], "--input-size goes without `reader`"),
        (["--weights", "a.onnx", "--model", "reader"], "not allowed with"),
        (["--plate-config", "a.yaml"], "--plate-config needs --weights"),
    ],
)
def test_options_that_make_no_sense_are_refused(
    options: list[str], reason: str, lpr: Lpr, plates: Path
) -> None:
    code, out, err = lpr("evaluate", "reader", "--data", plates, *options)
    assert (code, out) == (2, "")
    assert reason in err


@pytest.mark.parametrize(
    ("option", "parts"),
    [
        (["--out", "x"], "`evaluate reader` or `evaluate drives`"),
        (["--countries", "DE"], "`evaluate reader` or `evaluate drives`"),
        (["--weights", "x"], "`evaluate reader`"),
        (["--model", "reader"], "`evaluate reader`"),
    ],
)
def test_options_of_the_reader_need_the_word(
    option: list[str], parts: str, lpr: Lpr, tmp_path: Path
) -> None:
    code, _, err = lpr("evaluate", "--data", tmp_path, *option)
    assert code == 2
    assert f"{option[0]} goes with {parts} alone" in err


@pytest.mark.parametrize(
    "option", [["--model", "nonesuch"], ["--model", "detector"], ["--weights", "gone.onnx"]]
)
def test_reader_that_cannot_be_opened_is_named(option: list[str], lpr: Lpr, plates: Path) -> None:
    code, out, err = lpr("evaluate", "reader", "--data", plates, *option)
    assert (code, out) == (1, "")
    assert option[1] in err
    assert "[model_unusable]" in err
