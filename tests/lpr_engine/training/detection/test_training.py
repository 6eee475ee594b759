from __future__ import annotations

import csv
import dataclasses
import os
import shutil
import sys
from pathlib import Path

import numpy as np
import onnxruntime
import pytest

from lpr_engine.training.detection import (
    DetectorDataError,
    DetectorTraining,
    DetectorTrainingError,
    EpochReport,
    Schedule,
    train_detector,
)
from lpr_engine.training.detection.__main__ import main
from lpr_engine.training.detection.run_folder import RunFolder
from lpr_engine.training.detection.settings_file import write_settings
from lpr_engine.training.quantization import QuantizationError
from lpr_engine.vision.decoding import OutputLayout, layout_of

pytest.importorskip("torch")
pytest.importorskip("ultralytics")
pytest.importorskip("onnx")
pytest.importorskip("onnxslim")
pytest.importorskip("safetensors")

import torch
from safetensors.torch import load_file, save_file

from lpr_engine.training.checkpoint_file import CheckpointError
from lpr_engine.training.detection import int8
from lpr_engine.training.detection import trainer as trainer_module
from lpr_engine.training.detection.architecture import STEM
from lpr_engine.training.detection.batches import as_input, compose_batch
from lpr_engine.training.detection.best_candidates import CANDIDATES
from lpr_engine.training.detection.dataset import load_dataset
from lpr_engine.training.detection.int8 import COMPOSED, MOST_LOST, Int8Score, write_int8
from lpr_engine.training.detection.network import build_network, run_network, save_weights
from lpr_engine.training.detection.scenes import SceneComposer
from lpr_engine.training.detection.starting import load_fitting, start_from
from lpr_engine.training.detection.trainer import DetectorTrainer, learning_rate

pytestmark = pytest.mark.training

SHORT = Schedule(
    epochs=2,
    batches_per_epoch=3,
    batch_size=2,
    sizes_px=(64, 96),
    validation_size_px=96,
    mosaic_free_epochs=1,
    validate_every=2,
    warmup_batches=2,
)


@pytest.fixture
def training(data: Path, tmp_path: Path) -> DetectorTraining:
    return DetectorTraining(data, tmp_path / "run", threads=1, schedule=SHORT)


@dataclasses.dataclass(frozen=True)
class Finished:
    """A short training with all that it left and told; not to be changed."""

    training: DetectorTraining
    folder: RunFolder
    reports: list[EpochReport]


@pytest.fixture(scope="module")
def finished(lasting_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Finished:
    run = tmp_path_factory.mktemp("finished") / "run"
    training = DetectorTraining(lasting_data, run, threads=1, schedule=SHORT)
    reports: list[EpochReport] = []
    return Finished(training, train_detector(training, reports.append), reports)


@pytest.fixture
def curves_undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """As without matplotlib: drawing takes long."""
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)


def test_a_short_training_leaves_a_whole_run_folder(finished: Finished) -> None:
    reports, folder = finished.reports, finished.folder
    assert [report.epoch for report in reports] == [1, 2]
    assert [report.score is not None for report in reports] == [False, True]
    with folder.metrics.open() as file:
        assert [row["epoch"] for row in csv.DictReader(file)] == ["1", "2"]
    assert folder.settings.exists()
    assert "Plate detector" in folder.card.read_text()
    assert folder.network.stat().st_size < 6_000_000
    assert not list(folder.path.glob("*.new*"))

    session = onnxruntime.InferenceSession(str(folder.network))
    facts = session.get_modelmeta().custom_metadata_map
    assert facts["names"] == "{0: 'license_plate'}"
    assert facts["stride"] == "32"
    assert facts["license"] == "AGPL-3.0"
    for shape in ((1, 3, 96, 160), (2, 3, 64, 64)):
        (output,) = session.run(None, {"images": np.zeros(shape, np.float32)})
        assert output.shape == (shape[0], 5, CANDIDATES)
        assert layout_of(output.shape) is OutputLayout.ANCHOR_FREE


def test_the_loss_falls_on_pictures_seen_again(training: DetectorTraining) -> None:
    schedule = dataclasses.replace(SHORT, epochs=1, batches_per_epoch=1)
    trainer = DetectorTrainer(
        dataclasses.replace(training, schedule=schedule), load_dataset(training), _network()
    )
    training.run.mkdir()
    batch = next(trainer_module.batches_ahead(trainer.composer, schedule, seed=1, first=0, count=1))
    losses = [sum(trainer.step(batch, 0).values()) for _ in range(40)]
    assert min(losses[-3:]) < 0.8 * losses[0]


@pytest.mark.usefixtures("curves_undrawn")
def test_a_finished_run_is_not_trained_again_but_exported(
    finished: Finished, tmp_path: Path
) -> None:
    run = Path(shutil.copytree(finished.folder.path, tmp_path / "run"))
    (run / finished.folder.network.name).unlink()
    training = dataclasses.replace(finished.training, run=run)
    write_settings(training, run / finished.folder.settings.name)
    reports: list[EpochReport] = []
    folder = train_detector(training, reports.append)
    assert reports == []
    assert folder.network.exists()


class _PowerCutError(Exception):
    pass


@pytest.mark.usefixtures("curves_undrawn")
def test_an_interrupted_run_ends_with_the_weights_of_an_uninterrupted_one(
    training: DetectorTraining, finished: Finished
) -> None:
    def cut(_report: EpochReport) -> None:
        raise _PowerCutError

    with pytest.raises(_PowerCutError):
        train_detector(training, cut)
    folder = train_detector(training, lambda _report: None)
    one, two = load_file(folder.weights), load_file(finished.folder.weights)
    for name, value in one.items():
        assert torch.allclose(value.float(), two[name].float(), atol=2e-3), name


def test_bad_labels_stop_it_before_anything_is_written(training: DetectorTraining) -> None:
    label = training.data / "detection" / "train" / "labels" / "1.txt"
    label.write_text("0 0.5 0.5 7 0.1\n")
    with pytest.raises(DetectorDataError, match=r"1\.txt:1: the box reaches outside"):
        train_detector(training, lambda _report: None)
    assert not training.run.exists()


def test_a_broken_checkpoint_is_told(training: DetectorTraining) -> None:
    training.run.mkdir()
    (training.run / "checkpoint.pt").write_bytes(b"cut off")
    with pytest.raises(CheckpointError, match=r"checkpoint\.pt: damaged"):
        train_detector(training, lambda _report: None)


def test_a_loss_that_is_not_finite_stops_the_run(training: DetectorTraining) -> None:
    network = _network()
    with torch.no_grad():
        next(iter(network.parameters())).fill_(float("nan"))
    training.run.mkdir()
    trainer = DetectorTrainer(training, load_dataset(training), network)
    with pytest.raises(DetectorTrainingError, match="not finite"):
        trainer.run(lambda _report: None)


def test_weights_start_another_network(tmp_path: Path) -> None:
    path = tmp_path / "weights.safetensors"
    save_weights(_network(1), path)
    other = _network(2)
    fitting, stored = load_fitting(other, path)
    assert fitting == stored
    first = next(iter(other.state_dict().values()))
    assert torch.allclose(first, next(iter(_network(1).state_dict().values())), atol=1e-3)


def test_the_stem_of_a_usual_network_is_made_to_fit(tmp_path: Path) -> None:
    """On a plane of one colour both stems answer alike."""
    path = tmp_path / "weights.safetensors"
    wide = torch.randn(16, 3, 6, 6, generator=torch.Generator().manual_seed(1))
    save_file({STEM: wide}, path)
    network = _network()
    assert load_fitting(network, path) == (1, 1)
    narrow = network.state_dict()[STEM]
    assert narrow.shape == (16, 3, 3, 3)
    assert torch.allclose(narrow.sum((2, 3)), wide.sum((2, 3)), atol=1e-4)


def test_the_network_is_one_for_processors() -> None:
    network = _network()
    kinds = {type(module).__name__ for module in network.modules()}
    assert "SiLU" not in kinds
    assert "ReLU" in kinds
    assert sum(value.numel() for value in network.parameters()) < 2_000_000


def test_tensors_that_do_not_fit_are_left(tmp_path: Path) -> None:
    path = tmp_path / "weights.safetensors"
    name, value = next(iter(_network().state_dict().items()))
    save_file({name: value.contiguous(), "other": torch.zeros(3)}, path)
    assert load_fitting(_network(), path) == (1, 2)


@pytest.mark.usefixtures("curves_undrawn")
def test_a_training_can_start_from_an_exported_detector(finished: Finished, tmp_path: Path) -> None:
    """The exported weights are rounded to half precision, so the answers agree to about 1 %."""
    training, folder = finished.training, finished.folder
    exported = onnxruntime.InferenceSession(str(folder.network))
    dataset = load_dataset(training)
    composer = SceneComposer(dataset, training.recipe)
    network = _network(5)
    start_from(network, folder.network, [compose_batch(composer, SHORT, 1, 0)])

    scene, _ = composer.compose(np.random.default_rng(1), 96, mosaic=False)
    (wanted,) = exported.run(None, {"images": as_input([scene])})
    got = run_network(network.eval(), [scene], half_arithmetic=False)
    count = got.shape[2]
    assert np.sort(got[0, 4]) == pytest.approx(np.sort(wanted[0, 4, :count]), abs=0.01)
    for candidate in wanted[0, :, :20].T:
        assert np.abs(got[0] - candidate[:, None]).max(axis=0).min() < 0.5
    norm = network.model[0].bn
    assert float(norm.running_var.std()) > 0

    again = dataclasses.replace(training, run=tmp_path / "again", start_weights=folder.network)
    assert train_detector(again, lambda _report: None).network.exists()


@pytest.mark.parametrize("content", [b"", b"no weights at all"])
def test_unreadable_exports_are_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "detector.onnx"
    path.write_bytes(content)
    with pytest.raises(DetectorTrainingError, match=r"detector\.onnx"):
        start_from(_network(), path, [])


@pytest.mark.parametrize("content", [b"", b"no weights at all"])
def test_unreadable_start_weights_are_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "weights.safetensors"
    path.write_bytes(content)
    with pytest.raises(DetectorTrainingError, match="not readable as safetensors"):
        load_fitting(_network(), path)


def test_start_weights_of_another_network_are_told(tmp_path: Path) -> None:
    path = tmp_path / "weights.safetensors"
    save_file({"other": torch.zeros(3)}, path)
    with pytest.raises(DetectorTrainingError, match="none of its 1 tensors fits"):
        load_fitting(_network(), path)


def test_the_step_size_rises_then_falls() -> None:
    schedule = Schedule(epochs=10, batches_per_epoch=10, warmup_batches=20)
    steps = [learning_rate(schedule, index) for index in range(100)]
    assert steps[:20] == sorted(steps[:20])
    assert steps[20:] == sorted(steps[20:], reverse=True)
    assert max(steps) == schedule.learning_rate
    assert steps[-1] == pytest.approx(0.02 * schedule.learning_rate, rel=0.1)


def test_an_eight_bit_copy_is_judged_beside_the_detector(
    finished: Finished, tmp_path: Path
) -> None:
    """Two steps teach nothing, so that nothing can be lost; the file is what is looked at."""
    training, out = finished.training, tmp_path / "detector-int8.onnx"
    dataset = load_dataset(training)
    report = write_int8(finished.folder.network, out, dataset, training.recipe, seed=1)
    assert report.real.pictures == len(dataset.validation)
    assert report.composed.pictures == COMPOSED
    assert report.real.lost <= MOST_LOST
    assert out.stat().st_size < 0.75 * finished.folder.network.stat().st_size
    session = onnxruntime.InferenceSession(str(out))
    assert session.get_modelmeta().custom_metadata_map["quantization"] == "int8"
    (output,) = session.run(None, {"images": np.zeros((1, 3, 96, 160), np.float32)})
    assert output.shape == (1, 5, CANDIDATES)


def test_a_copy_that_finds_less_is_not_kept(
    finished: Finished, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def worse(_before: Path, _after: Path, pictures: list[object]) -> Int8Score:
        return Int8Score(len(pictures), 100, (0.9, 0.89), (0.8, 0.8))

    monkeypatch.setattr(int8, "compare", worse)
    training, out = finished.training, tmp_path / "detector-int8.onnx"
    with pytest.raises(QuantizationError, match=r"90\.0% -> 89\.0% of 100 plates found"):
        write_int8(finished.folder.network, out, load_dataset(training), training.recipe, seed=1)
    assert not list(tmp_path.iterdir())


@pytest.mark.usefixtures("curves_undrawn")
def test_the_command_trains(training: DetectorTraining, capsys: pytest.CaptureFixture[str]) -> None:
    settings = training.data / "training.yaml"
    write_settings(training, settings)
    run = training.data / "other"
    code = main(["--data", str(training.data), "--out", str(run), "--settings", str(settings)])
    told = capsys.readouterr().out
    assert code == 0
    assert "epoch 2/2" in told
    assert f"detector: {run / 'detector.onnx'}" in told


def test_nothing_is_written_into_the_home_folder() -> None:
    assert not os.environ["YOLO_CONFIG_DIR"].startswith(str(Path.home()))
    assert os.environ["YOLO_OFFLINE"] == "true"


def _network(seed: int = 1) -> torch.nn.Module:
    torch.manual_seed(seed)
    return build_network()
