from __future__ import annotations

import dataclasses
import subprocess
import sys
from pathlib import Path

import pytest

from lpr_engine.training.detection import (
    DetectorTraining,
    DetectorTrainingError,
    EpochReport,
    RunFolder,
    Schedule,
    train_detector,
)
from lpr_engine.training.detection.__main__ import main
from lpr_engine.training.detection.card import write_card
from lpr_engine.training.detection.dataset import load_dataset
from lpr_engine.training.detection.validation import DetectorScore

LOSSES = {"box": 1.5, "class": 0.5, "edge": 1.0}
SCORE = DetectorScore(0.91, 0.5, 0.93, 0.7, 0.88)


def report(epoch: int, score: DetectorScore | None) -> EpochReport:
    return EpochReport(epoch, 2, LOSSES, 1e-3, 12.341, 90, score)


def test_figures_are_kept_for_each_epoch(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    folder.record(report(1, None))
    folder.record(report(2, SCORE))
    first, second = folder.rows()
    assert first == {
        "epoch": 1,
        "loss_box": 1.5,
        "loss_class": 0.5,
        "loss_edge": 1.0,
        "learning_rate": 1e-3,
        "pictures_per_s": 12.34,
    }
    assert second["recall_tight"] == 0.7


def test_a_report_is_one_line_for_people() -> None:
    line = str(report(2, SCORE))
    assert line.startswith("epoch 2/2")
    assert "AP50 0.910" in line
    assert "AP50" not in str(report(1, None))


def test_another_training_does_not_overwrite_a_run(tmp_path: Path) -> None:
    training = DetectorTraining(tmp_path / "data", tmp_path / "run")
    folder = RunFolder(training.run)
    folder.open(training)
    folder.checkpoint.write_bytes(b"x")
    folder.open(training)
    other = dataclasses.replace(training, schedule=Schedule(epochs=3), seed=9)
    with pytest.raises(DetectorTrainingError, match=r"other settings \(seed, schedule\)"):
        folder.open(other)


def test_curves_are_drawn(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    folder = RunFolder(tmp_path)
    folder.record(report(1, SCORE))
    folder.draw_curves()
    assert folder.curves.read_bytes().startswith(b"\x89PNG")


def test_without_matplotlib_no_curves_are_drawn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    RunFolder(tmp_path).draw_curves()
    assert not RunFolder(tmp_path).curves.exists()


def test_the_card_tells_data_figures_and_settings(data: Path, tmp_path: Path) -> None:
    training = DetectorTraining(data, tmp_path / "run", seed=41)
    card = write_card(training, load_dataset(training), SCORE)
    assert "training: 6 pictures with 6 plates" in card
    assert "crops to paste, wide: 3" in card
    assert "| 0.910 | 0.500 | 0.930 | 0.700 | 0.880 |" in card
    assert "seed: 41" in card
    assert "AGPL-3.0" in card


def test_importing_needs_no_training_package() -> None:
    code = (
        "import sys, lpr_engine.training.detection as d;"
        "sys.exit(bool({'torch', 'ultralytics', 'onnx', 'safetensors'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.fixture
def no_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "lpr_engine.training.detection.training", raising=False)
    monkeypatch.setitem(sys.modules, "torch", None)


@pytest.mark.usefixtures("no_torch")
def test_missing_packages_are_told_with_their_remedy(data: Path, tmp_path: Path) -> None:
    training = DetectorTraining(data, tmp_path / "run")
    with pytest.raises(DetectorTrainingError, match=r"torch.*extra 'training'"):
        train_detector(training, print)


@pytest.mark.usefixtures("no_torch")
def test_the_command_reports_a_failure_in_one_line(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--data", str(data), "--out", str(tmp_path / "run")]) == 1
    assert capsys.readouterr().err.startswith("detector_training_failed: ")


def test_the_command_names_a_bad_setting(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = tmp_path / "training.yaml"
    settings.write_text("speed: 3")
    run = str(tmp_path / "run")
    assert main(["--data", str(data), "--out", run, "--settings", str(settings)]) == 1
    assert "unknown setting speed" in capsys.readouterr().err
