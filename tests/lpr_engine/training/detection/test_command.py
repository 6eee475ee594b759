from __future__ import annotations

from pathlib import Path

import pytest

from lpr_engine.training.detection import DetectorTraining, EpochReport, RunFolder, command

TRAIN = "lpr_engine.training.detection.command.train_detector"


@pytest.fixture
def trained(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[DetectorTraining]:
    """What the command asked for; the training itself is tested where its packages are."""
    asked: list[DetectorTraining] = []

    def train(training: DetectorTraining, progress: object) -> RunFolder:
        asked.append(training)
        assert callable(progress)
        progress(EpochReport(1, 1, {"box": 1.0}, 0.1, 5, 0, None))
        return RunFolder(tmp_path)

    monkeypatch.setattr(TRAIN, train)
    return asked


def test_own_pictures_refine_the_shipped_detector(
    trained: list[DetectorTraining], capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.run(Path("data"), Path("out"), 3) == 0
    (training,) = trained
    assert training.start_weights == command.SHIPPED_DETECTOR
    assert command.SHIPPED_DETECTOR.parts[-3:] == ("vision", "weights", "detector.onnx")
    assert (training.data, training.run, training.seed) == (Path("data"), Path("out"), 3)
    assert "epoch 1/1" in capsys.readouterr().out


def test_a_settings_file_and_start_weights_take_over(
    trained: list[DetectorTraining], tmp_path: Path
) -> None:
    settings = tmp_path / "training.yaml"
    settings.write_text("seed: 5\nschedule: {epochs: 2}\n")
    command.run(Path("data"), Path("out"), settings=settings, start=Path("start.safetensors"))
    (training,) = trained
    assert (training.seed, training.schedule.epochs) == (5, 2)
    assert training.start_weights == Path("start.safetensors")
