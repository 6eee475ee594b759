import dataclasses

import cv2
import numpy as np
import pytest

pytest.importorskip("torch")
pytest.importorskip("onnx")

import torch
from fast_plate_ocr import LicensePlateRecognizer

from lpr_engine.model.observation import Crop
from lpr_engine.training.reading import ReaderOptions, course, train_reader
from lpr_engine.training.reading.export import export_reader
from lpr_engine.training.reading.feed import encode
from lpr_engine.training.reading.losses import character_loss, guidance_loss, region_loss
from lpr_engine.training.reading.network import ALPHABET, GRID, SLOTS, PlateReader
from lpr_engine.training.reading.regions import RegionList
from lpr_engine.training.reading.score import fold, texts_of
from lpr_engine.training.reading.starting import write_start
from lpr_engine.training.synthetic import render_plate
from lpr_engine.training.synthetic.bank import Bank, open_bank
from lpr_engine.vision.reader import FastPlateReader
from lpr_engine.vision.runtime import Runtime

pytestmark = pytest.mark.training


@pytest.fixture
def labels(tmp_path):
    rows = ["image_path,plate_text,region"]
    for number in range(30):
        plate = render_plate(np.random.default_rng((9, number)))
        if len(plate.text) <= SLOTS:
            name = f"{number}.png"
            cv2.imwrite(str(tmp_path / name), cv2.cvtColor(plate.image, cv2.COLOR_RGB2BGR))
            rows.append(f"{name},{plate.text},made")
    path = tmp_path / "labels.csv"
    path.write_text("\n".join(rows) + "\n")
    return path


def _options(labels, out, **changed):
    given = {"plates": 24, "steps": 6, "batch_size": 8, "report_every": 2, "judge_every": 3}
    return ReaderOptions(labels=(labels,), out=out, workers=0, **{**given, **changed})


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
    again = []
    train_reader(_options(labels, tmp_path / "run", steps=8), again.append)
    assert [p.step for p in again] == [8]


def test_a_run_without_regions_goes_on_with_them(labels, tmp_path, monkeypatch):
    @dataclasses.dataclass(frozen=True)
    class Regional(Bank):
        regions: list[str] = dataclasses.field(default_factory=lambda: ["BR"] * 12 + ["CN"] * 12)

    def regional(folder):
        return Regional(**{name: getattr(open_bank(folder), name) for name in Bank.__slots__})

    monkeypatch.setattr(course, "open_bank", regional)
    out = tmp_path / "run"
    train_reader(_options(labels, out, steps=3, region_weight=0.0), lambda _: None)
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
    train_reader(_options(labels, out, steps=7), seen.append)
    assert seen[-1].scores["made"].crops > 0


def test_a_start_is_taken_only_at_the_first_step(labels, tmp_path):
    network = PlateReader()
    with torch.no_grad():
        network.queries.fill_(5.0)
    write_start(network, tmp_path / "start.npz")
    options = _options(labels, tmp_path / "run", steps=1, start=tmp_path / "start.npz")
    train_reader(options, lambda _: None)
    average = torch.load(tmp_path / "run" / "reader.pt", weights_only=True)["average"]
    assert float(average["queries"].mean()) == pytest.approx(5.0, abs=0.1)
    (tmp_path / "start.npz").unlink()
    seen = []
    train_reader(dataclasses.replace(options, steps=2), seen.append)
    assert [p.step for p in seen] == [2]


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
