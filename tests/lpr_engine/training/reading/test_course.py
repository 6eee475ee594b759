import csv
import dataclasses
import errno
import os
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path

import cv2
import numpy as np
import pytest
import yaml

pytest.importorskip("torch")
pytest.importorskip("onnx")
pytest.importorskip("onnxslim")

import torch
from fast_plate_ocr import LicensePlateRecognizer

from lpr_engine.model.observation import Crop
from lpr_engine.training.progress_table import ProgressTable
from lpr_engine.training.reading import (
    Drawing,
    ReaderOptions,
    ReaderPlan,
    ReaderTrainingError,
    int8,
    train_reader,
)
from lpr_engine.training.reading.crops import TrainingDataError
from lpr_engine.training.reading.export import export_reader
from lpr_engine.training.reading.feed import encode
from lpr_engine.training.reading.learner import Learner
from lpr_engine.training.reading.losses import character_loss, guidance_loss, region_loss
from lpr_engine.training.reading.material import read_crops
from lpr_engine.training.reading.network import ALPHABET, GRID, SLOTS, PlateReader
from lpr_engine.training.reading.regions import RegionList
from lpr_engine.training.reading.score import fold, texts_of
from lpr_engine.training.reading.starting import write_start
from lpr_engine.training.synthetic import render_plate
from lpr_engine.training.synthetic.bank import fill_bank
from lpr_engine.vision.reader import FastPlateReader
from lpr_engine.vision.runtime import Runtime

pytestmark = [pytest.mark.training, pytest.mark.usefixtures("curves_undrawn")]
PLATES, CROPS = 8, 20


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    """Drawn plates to learn from, and drawn plates as if they were crops."""
    folder = tmp_path_factory.mktemp("drawn")
    fill_bank(folder / "bank", PLATES, 3)
    rows = ["image_path,plate_text,region"]
    for number in range(CROPS):
        generator = np.random.default_rng((9, number))
        plate = render_plate(generator)
        while len(plate.text) > SLOTS:
            plate = render_plate(generator)
        cv2.imwrite(str(folder / f"{number}.png"), cv2.cvtColor(plate.image, cv2.COLOR_RGB2BGR))
        rows.append(f"{number}.png,{plate.text},made")
    (folder / "labels.csv").write_text("\n".join(rows) + "\n")
    return folder


@pytest.fixture
def labels(drawn, tmp_path):
    return Path(shutil.copytree(drawn, tmp_path / "data")) / "labels.csv"


def _options(labels, out, **changed):
    given = {"plates": PLATES, "steps": 6, "batch_size": 4, "report_every": 2, "judge_every": 4}
    given |= {"workers": 0, "bank": labels.parent / "bank"}
    return ReaderOptions(labels=(labels,), out=out, **{**given, **changed})


def _learn(options):
    """Only the learning, left behind its last step as by Ctrl-C: nothing is exported."""
    seen = []

    def tell(progress):
        seen.append(progress)
        if progress.step == options.steps:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train_reader(options, tell)
    return seen


@pytest.fixture(scope="module")
def begun(drawn, tmp_path_factory):
    """A run that has made one step; to be copied."""
    out = tmp_path_factory.mktemp("begun") / "run"
    _learn_without_curves(_options(drawn / "labels.csv", out, steps=1))
    return out


@pytest.fixture(scope="module")
def resumed(drawn, tmp_path_factory):
    """A run that was interrupted behind its checkpoint, and went on to step 8."""
    out = tmp_path_factory.mktemp("resumed") / "run"
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "matplotlib.figure", None)
        _interrupted(drawn / "labels.csv", out)
    _learn_without_curves(_options(drawn / "labels.csv", out, steps=8))
    return out


def _learn_without_curves(options):
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "matplotlib.figure", None)
        _learn(options)


def test_a_course_learns_judges_exports_and_resumes(labels, tmp_path):
    seen = []
    files = train_reader(_options(labels, tmp_path / "run"), seen.append)
    assert [p.step for p in seen] == [2, 4, 6]
    assert seen[-1].scores["made"].crops > 0
    recognizer = LicensePlateRecognizer(
        onnx_model_path=files.weights, plate_config_path=files.plate_config, device="cpu"
    )
    read = recognizer.run(np.zeros((30, 90, 3), np.uint8), return_confidence=True)
    assert len(read[0].char_probs) == SLOTS
    again = _learn(_options(labels, tmp_path / "run", steps=8))
    assert [p.step for p in again] == [8]


def test_a_run_without_regions_goes_on_with_them(labels, tmp_path):
    out = tmp_path / "run"
    _learn(_options(labels, out, steps=3, region_weight=0.0))
    state = torch.load(out / "reader.pt", weights_only=True)
    del state["regions"]
    torch.save(state, out / "reader.pt")
    seen = []
    files = train_reader(_options(labels, out, steps=6), seen.append)
    names = tuple(torch.load(out / "reader.pt", weights_only=True)["regions"])
    assert {"BR", "CN"} <= set(names)
    assert [p.step for p in seen] == [4, 6]
    reader = FastPlateReader(files.weights, files.plate_config, Runtime())
    assert reader.config.plate_regions == list(names)
    seen = _learn(_options(labels, out, steps=7))
    assert seen[-1].scores["made"].crops > 0


def test_a_start_is_taken_only_at_the_first_step(labels, tmp_path):
    network = PlateReader()
    with torch.no_grad():
        network.queries.fill_(5.0)
    write_start(network, tmp_path / "start.npz")
    options = _options(labels, tmp_path / "run", steps=1, start=tmp_path / "start.npz")
    _learn(options)
    average = torch.load(tmp_path / "run" / "reader.pt", weights_only=True)["average"]
    assert float(average["queries"].mean()) == pytest.approx(5.0, abs=0.1)
    (tmp_path / "start.npz").unlink()
    seen = _learn(dataclasses.replace(options, steps=2))
    assert [p.step for p in seen] == [2]


def _weights(folder):
    return torch.load(folder / "reader.pt", weights_only=True)["network"]


def test_the_same_seed_gives_the_same_weights_also_when_interrupted(drawn, resumed, tmp_path):
    one, other = tmp_path / "one", tmp_path / "other"
    _learn(_options(drawn / "labels.csv", one, steps=8))
    _learn(_options(drawn / "labels.csv", other, steps=8, seed=2))
    ours, theirs = _weights(one), _weights(resumed)
    assert all(torch.equal(ours[name], value) for name, value in theirs.items())
    assert not torch.equal(_weights(one)["queries"], _weights(other)["queries"])


def _interrupted(labels, out):
    def stop(progress):
        if progress.step == 6:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train_reader(_options(labels, out, steps=8), stop)
    assert torch.load(out / "reader.pt", weights_only=True)["step"] == 4


def test_a_run_folder_tells_all(labels, tmp_path, monkeypatch):
    monkeypatch.undo()  # with curves
    notes = []
    options = _options(labels, tmp_path / "run", steps=8, bank=None, plates=2)
    files = train_reader(options, lambda _: None, notes.append)
    assert [type(note) for note in notes] == [Drawing, Drawing, ReaderPlan]
    plan = notes[-1]
    assert sum(plan.learnt.values()) + sum(plan.judged.values()) == CROPS
    assert sum(plan.drawn.values()) == 2
    assert plan.remaining_s > 0
    with (tmp_path / "run" / "progress.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [row["step"] for row in rows] == ["2", "4", "6", "8"]
    assert rows[-1]["samples"] == "32"
    assert 0 <= float(rows[-1]["exact_made"]) <= 1
    settings = yaml.safe_load((tmp_path / "run" / "run.yaml").read_text())
    assert settings["options"]["steps"] == 8
    assert len(settings["labels"][str(labels)]) == 64
    card = files.card.read_text()
    assert f"| made | {plan.learnt['made']} | {plan.judged['made']} |" in card
    assert "Licence: private" in card
    assert "eight bits" not in card
    assert (tmp_path / "run" / "curves.png").exists() == bool(find_spec("matplotlib"))


@pytest.fixture
def few_pictures(monkeypatch):
    monkeypatch.setattr(int8, "DRAWN_SAMPLES", 4)
    monkeypatch.setattr(int8, "DRAWN_JUDGED", 4)


def test_an_eight_bit_copy_is_measured_and_kept_only_where_it_reads_as_well(
    drawn, begun, tmp_path, few_pictures, monkeypatch
):
    out = Path(shutil.copytree(begun, tmp_path / "run"))
    options = _options(drawn / "labels.csv", out, steps=1, int8=True)
    monkeypatch.setattr(int8, "MOST_LOST", 1.0)
    files = train_reader(options, lambda _: None)
    copy = files.int8
    assert copy.weights == out / "reader-int8.onnx"
    assert copy.pictures == 4 + read_crops(options)[1].images.shape[0]
    assert copy.size_bytes == (files.weights.stat().st_size, copy.weights.stat().st_size)
    assert copy.size_bytes[1] < 0.5 * copy.size_bytes[0]
    assert min(copy.crop_ms) > 0
    assert f"`reader-int8.onnx`: {copy}.\n\n## Limits" in files.card.read_text()

    monkeypatch.setattr(int8, "MOST_LOST", -1.1)
    files = train_reader(options, lambda _: None)
    assert not copy.weights.exists(), "of no worth any more"
    assert files.weights.exists()
    assert f"no copy was kept, the reader stays as it is ({files.int8.reason})" in (
        files.card.read_text()
    )


def test_rows_behind_the_checkpoint_are_written_once(resumed):
    with (resumed / "progress.csv").open() as file:
        assert [row["step"] for row in csv.DictReader(file)] == ["2", "4", "6", "8"]


def test_other_labels_are_refused_until_told_otherwise(labels, tmp_path):
    out = tmp_path / "run"
    _learn(_options(labels, out, steps=2))
    labels.write_text("\n".join(labels.read_text().splitlines()[:-1]) + "\n")
    with pytest.raises(ReaderTrainingError, match=r"labels\.csv: has changed"):
        train_reader(_options(labels, out, steps=3), lambda _: None)
    seen = _learn(_options(labels, out, steps=3, new_labels=True))
    assert [p.step for p in seen] == [3]


def test_another_network_is_refused_by_name(labels, begun, tmp_path):
    out = Path(shutil.copytree(begun, tmp_path / "run"))
    state = torch.load(out / "reader.pt", weights_only=True)
    state["network"]["queries"] = torch.zeros(4, 4)
    torch.save(state, out / "reader.pt")
    with pytest.raises(ReaderTrainingError, match="queries"):
        train_reader(_options(labels, out, steps=2), lambda _: None)


def test_a_loss_that_is_no_number_leaves_the_checkpoint(labels, begun, tmp_path):
    out = Path(shutil.copytree(begun, tmp_path / "run"))
    state = torch.load(out / "reader.pt", weights_only=True)
    state["network"]["queries"].fill_(float("nan"))
    torch.save(state, out / "reader.pt")
    before = (out / "reader.pt").read_bytes()
    with pytest.raises(ReaderTrainingError, match="loss is nan at step 2"):
        train_reader(_options(labels, out, steps=2), lambda _: None)
    assert (out / "reader.pt").read_bytes() == before


def test_bad_labels_leave_no_trace(labels, tmp_path):
    labels.write_text("image_path,plate_text\nabsent.png,AB1\n")
    with pytest.raises(TrainingDataError, match="absent"):
        train_reader(_options(labels, tmp_path / "run"), lambda _: None)
    assert not (tmp_path / "run").exists()


def test_a_folder_that_cannot_be_written_is_named(labels, tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ReaderTrainingError, match="cannot be written"):
        train_reader(_options(labels, tmp_path / "file" / "run"), lambda _: None)


def test_crops_alone_can_be_learnt_from(labels, tmp_path):
    seen = _learn(_options(labels, tmp_path / "run", plates=0, steps=2, bank=None))
    assert seen[-1].step == 2
    assert not (tmp_path / "run" / "bank").exists()


def test_a_damaged_file_of_drawn_plates_is_told(labels, tmp_path):
    (tmp_path / "bank").mkdir()
    (tmp_path / "bank" / "plates-00000.npz").write_bytes(b"PK cut off")
    with pytest.raises(ReaderTrainingError, match="damaged"):
        train_reader(_options(labels, tmp_path / "run", bank=tmp_path / "bank"), lambda _: None)


@pytest.mark.timeout(120)
def test_workers_begin_after_this_process_has_used_threads(labels, tmp_path):
    street = np.random.default_rng(1).integers(0, 255, (1500, 2000, 3), dtype=np.uint8)
    cv2.GaussianBlur(street, (0, 0), 3)
    seen = _learn(_options(labels, tmp_path / "run", steps=2, workers=2))
    assert seen[-1].step == 2


@pytest.mark.parametrize("fault", ["CUDA out of memory. Tried", "can't allocate memory: you"])
def test_full_memory_comes_with_advice(labels, tmp_path, monkeypatch, fault):
    def full(self, batch, rate):
        raise RuntimeError(fault)

    monkeypatch.setattr(Learner, "learn", full)
    with pytest.raises(ReaderTrainingError, match="halve --batch"):
        train_reader(_options(labels, tmp_path / "run"), lambda _: None)


def test_crops_alone_keep_the_regions_of_the_start(labels, tmp_path):
    write_start(PlateReader(("BR", "CN")), tmp_path / "start.npz")
    options = _options(labels, tmp_path / "run", plates=0, steps=1, bank=None)
    options = dataclasses.replace(options, start=tmp_path / "start.npz")
    files = train_reader(options, lambda _: None)
    assert yaml.safe_load(files.plate_config.read_text())["plate_regions"] == ["BR", "CN"]


def test_drawn_plates_are_judged_beside_the_crops(labels, tmp_path):
    seen = []
    options = _options(labels, tmp_path / "run", steps=2, bank=None, plates=20)
    files = train_reader(options, seen.append)
    assert {group: score.crops for group, score in seen[-1].scores.items()}.keys() == {
        "(drawn)",
        "made",
    }
    assert seen[-1].scores["(drawn)"].crops == 1
    with (tmp_path / "run" / "progress.csv").open() as file:
        (row,) = csv.DictReader(file)
    assert float(row["exact"]) == float(row["exact_made"])
    card = files.card.read_text()
    assert "| drawn plates | 1 |" in card
    assert f"| all | {seen[-1].scores['made'].crops} |" in card


def test_a_full_disk_is_told_in_one_line(labels, tmp_path, monkeypatch):
    def full(self, row):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self.path))

    monkeypatch.setattr(ProgressTable, "add", full)
    with pytest.raises(ReaderTrainingError, match=r"progress\.csv: No space left on device"):
        train_reader(_options(labels, tmp_path / "run"), lambda _: None)


def test_repeated_steps_on_one_batch_lower_the_loss():
    torch.manual_seed(1)
    network = PlateReader().train()
    optimiser = torch.optim.AdamW(network.parameters(), lr=2e-3)
    pictures = torch.randint(0, 255, (6, 3, 48, 160)).float()
    labels = torch.tensor([encode(text) for text in ("AB1", "C2", "DEF34", "7", "Z9Z", "H0")])
    losses = []
    for _ in range(12):
        loss = character_loss(network(pictures)[0], labels)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(float(loss.detach()))
    assert losses[-1] < losses[0] * 0.7


def test_the_exported_file_spells_like_the_network(tmp_path):
    network = PlateReader().eval()
    files = export_reader(network, tmp_path, 0.8)
    recognizer = LicensePlateRecognizer(
        onnx_model_path=files.weights, plate_config_path=files.plate_config, device="cpu"
    )
    picture = np.random.default_rng(0).integers(0, 255, (48, 160, 3), dtype=np.uint8)
    with torch.no_grad():
        tensor = torch.from_numpy(picture).permute(2, 0, 1)[None].float()
        expected = texts_of(network(tensor)[0].numpy())
    assert [p.plate for p in recognizer.run(picture)] == expected


def test_the_engine_reads_text_and_region_from_the_exported_file(tmp_path):
    names = ("BR", "CN", "US-CA")
    network = PlateReader(names).eval()
    with torch.no_grad():
        network.region[1].bias.copy_(torch.tensor([0.0, 9.0, 0.0]))
    files = export_reader(network, tmp_path, 1.0)
    reader = FastPlateReader(files.weights, files.plate_config, Runtime())
    crop = Crop(np.random.default_rng(0).integers(0, 255, (30, 90, 3), dtype=np.uint8), 1.0)
    assert [(r.region, r.region_confidence > 0.9) for r in reader.read([crop, crop])] == [
        ("CN", True)
    ] * 2


def test_a_country_costs_nothing_when_any_of_its_regions_is_answered():
    regions = RegionList(("BR", "US-CA", "US-TX"))
    members = torch.from_numpy(regions.members)
    split = torch.tensor([[-20.0, 3.0, 3.0]])
    country, state, other = (torch.tensor([regions.written(w)]) for w in ("us", "us-ca", "br"))
    assert float(region_loss(split, country, members)) == pytest.approx(0, abs=1e-4)
    assert float(region_loss(split, state, members)) == pytest.approx(np.log(2), abs=1e-4)
    assert float(region_loss(split, other, members)) > 20
    assert float(region_loss(split, torch.tensor([-1]), members)) == 0


def test_guidance_is_least_where_attention_is_on_the_character():
    centres = torch.full((1, SLOTS, 2), float("nan"))
    centres[0, 0] = torch.tensor([0.5125, 0.5])
    rows, columns = GRID
    on, off = torch.zeros(1, SLOTS, rows * columns), torch.zeros(1, SLOTS, rows * columns)
    on[0, 0, columns + 20] = 8
    off[0, 0, 3] = 8
    assert float(guidance_loss(on, centres)) < float(guidance_loss(off, centres))
    assert float(guidance_loss(on, torch.full_like(centres, float("nan")))) == 0


def test_texts_are_coded_and_read_back():
    row = np.eye(len(ALPHABET), dtype=np.float32)[encode("AB12")][None]
    assert texts_of(row) == ["AB12"]
    assert fold("OI0B") == "010B"
