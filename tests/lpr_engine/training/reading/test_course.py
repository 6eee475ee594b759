import cv2
import numpy as np
import pytest

pytest.importorskip("torch")
pytest.importorskip("onnx")

import torch
from fast_plate_ocr import LicensePlateRecognizer

from lpr_engine.training.reading import ReaderOptions, train_reader
from lpr_engine.training.reading.course import character_loss, guidance_loss
from lpr_engine.training.reading.export import export_reader
from lpr_engine.training.reading.feed import encode
from lpr_engine.training.reading.network import ALPHABET, GRID, SLOTS, PlateReader
from lpr_engine.training.reading.score import fold, texts_of
from lpr_engine.training.synthetic import render_plate

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
