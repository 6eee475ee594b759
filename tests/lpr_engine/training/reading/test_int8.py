"""The bundled reader in eight bits: smaller, as good, and not kept where it is not."""

import csv
from pathlib import Path

import cv2
import numpy as np
import pytest

pytest.importorskip("onnx")
pytest.importorskip("onnxslim")

import onnx
from onnx import TensorProto

import lpr_engine
from lpr_engine.training.quantization import QuantizationError
from lpr_engine.training.reading import cost, int8
from lpr_engine.training.reading.crops import LabelledCrop, TrainingDataError
from lpr_engine.vision.reader import FastPlateReader
from lpr_engine.vision.runtime import Runtime

WEIGHTS = Path(lpr_engine.__file__).parent / "vision" / "weights" / "reader.onnx"
CONFIG = WEIGHTS.with_suffix(".yaml")


@pytest.fixture(scope="module")
def crops(tmp_path_factory: pytest.TempPathFactory) -> list[LabelledCrop]:
    """Plates drawn well enough to be read, as files."""
    folder = tmp_path_factory.mktemp("crops")
    drawn = int8.drawn_crops(24, np.random.default_rng(11))
    for number, (crop, _) in enumerate(drawn):
        cv2.imwrite(str(folder / f"{number}.png"), crop.pixels)
    return [LabelledCrop(folder / f"{n}.png", text, "made") for n, (_, text) in enumerate(drawn)]


@pytest.fixture(autouse=True)
def few_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(int8, "DRAWN_SAMPLES", 8)
    monkeypatch.setattr(int8, "DRAWN_JUDGED", 8)


def sizes_of(path: Path, kind: int) -> set[tuple[int, ...]]:
    """Shapes of the larger weights that are stored so."""
    stored = onnx.load(path).graph.initializer
    return {
        tuple(one.dims)
        for one in stored
        if one.data_type == kind and len(one.dims) > 1 and np.prod(one.dims) >= 64
    }


def test_copy_is_smaller_and_the_engine_reads_with_it(
    crops: list[LabelledCrop], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # One text of so few is more than half a point.
    monkeypatch.setattr(int8, "MOST_LOST", 0.1)
    out = tmp_path / "reader-int8.onnx"

    score = int8.write_int8(WEIGHTS, CONFIG, out, crops[:16], crops[16:])

    assert score.pictures == 16
    assert score.lost <= 0.1
    # The bundled file holds its weights in half precision already, as the copy its linear layers.
    assert out.stat().st_size < 0.85 * WEIGHTS.stat().st_size
    assert sizes_of(out, TensorProto.FLOAT) == set()
    assert len(sizes_of(out, TensorProto.INT8)) >= 4
    pictures = int8.labelled_crops(crops)
    readings = [
        FastPlateReader(path, CONFIG, Runtime("cpu", 1)).read([crop for crop, _ in pictures])
        for path in (WEIGHTS, out)
    ]
    distance = [
        np.abs(one.probabilities - other.probabilities).mean()
        for one, other in zip(*readings, strict=True)
    ]
    assert np.mean(distance) < 0.01
    assert [path.name for path in tmp_path.iterdir()] == [out.name]


def test_copy_that_reads_worse_is_not_kept(
    crops: list[LabelledCrop], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(int8, "MOST_LOST", -1.1)

    with pytest.raises(QuantizationError, match=f"{WEIGHTS}: in eight bits it reads .* not kept"):
        int8.write_int8(WEIGHTS, CONFIG, tmp_path / "reader-int8.onnx", crops[:4])

    assert list(tmp_path.iterdir()) == []


def test_pictures_that_cannot_be_decoded_are_named(tmp_path: Path) -> None:
    path = tmp_path / "broken.png"
    path.write_bytes(b"no picture")

    with pytest.raises(TrainingDataError, match=str(path)):
        int8.sample_pictures([LabelledCrop(path, "A1", "made")], np.random.default_rng(0))


def test_samples_are_what_the_network_takes(crops: list[LabelledCrop]) -> None:
    pictures = int8.sample_pictures(crops[:3], np.random.default_rng(0))

    assert pictures.shape == (3 + 8, 48, 160, 3)
    assert pictures.dtype == np.uint8


def test_the_command_compares_the_file_with_both_copies(
    crops: list[LabelledCrop],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(int8, "MOST_LOST", 0.2)
    labels = tmp_path / "labels.csv"
    with labels.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(("image_path", "plate_text"))
        rows.writerows((crop.path, crop.text) for crop in crops)

    out = tmp_path / "out"
    code = cost.main(["--weights", str(WEIGHTS), "--labels", str(labels), "--out", str(out)])

    told = capsys.readouterr().out
    assert code == 0
    assert all(name in told for name in ("reader ", "reader-half", "reader-int8"))
    sizes = [
        path.stat().st_size
        for path in (WEIGHTS, out / "reader-half.onnx", out / "reader-int8.onnx")
    ]
    assert sizes == sorted(sizes, reverse=True)


def test_the_command_names_what_is_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    labels = tmp_path / "labels.csv"

    code = cost.main(["--weights", str(WEIGHTS), "--labels", str(labels), "--out", str(tmp_path)])

    assert code == 1
    assert str(labels) in capsys.readouterr().err
