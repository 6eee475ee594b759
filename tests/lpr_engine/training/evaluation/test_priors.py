"""Priors compared on the same readings: what each was told of, and figures that add up."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from lpr_engine.model.geometry import Box
from lpr_engine.model.observation import Crop, Detection, Observation, Reading
from lpr_engine.training.evaluation.__main__ import main
from lpr_engine.training.evaluation.priors import PriorScore, priors, score
from lpr_engine.training.reading.crops import LabelledCrop

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_"


def crop(text: str, group: str, folder: str = "gate") -> LabelledCrop:
    return LabelledCrop(Path(folder) / f"{text}.png", text, group)


def doubtful(text: str, doubts: dict[int, str], regions: tuple[tuple[str, float], ...] = ()):
    """A reading of `text` where each place in `doubts` rather shows another sign, by little."""
    table = np.full((len(text), len(ALPHABET)), 1e-5, np.float32)
    for place, sign in enumerate(text):
        table[place, ALPHABET.index(sign)] = 0.45 if place in doubts else 1.0
        if place in doubts:
            table[place, ALPHABET.index(doubts[place])] = 0.55
    table /= table.sum(axis=1, keepdims=True)
    reading = Reading(text, table, ALPHABET, regions=regions)
    pixels = np.zeros((8, 32, 3), np.uint8)
    return Observation(Detection(Box(0, 0, 32, 8), 1.0), Crop(pixels, 1.0), reading)


def scored(crops, seen, history=()) -> dict[str, PriorScore]:
    return {prior.name: score(prior, crops, seen) for prior in priors(history)}


def test_each_prior_uses_what_it_is_told():
    crops = [crop("LS15EBC", "GB")]
    seen = [doubtful("LS15EBC", {1: "5"}, (("GB", 0.99),))]
    told = scored(crops, seen)
    assert [told["none"].exact, told["country given"].exact] == [0, 1]
    surprise = {name: one.surprise for name, one in told.items()}
    assert surprise["country given"] < surprise["country unknown"] < surprise["none"]
    assert surprise["region by the reader"] < surprise["country unknown"]


def test_a_site_learns_from_its_own_folder_alone():
    crops, seen = [crop("XYZ1234", "")], [doubtful("XYZ1234", {4: "Z"})]
    history = [crop(f"ABC{number}", "BR") for number in range(1000, 1200)]
    elsewhere = [crop(one.text, "BR", "yard") for one in history]
    here, there = scored(crops, seen, history), scored(crops, seen, elsewhere)
    assert here["learned from the site"].surprise < there["learned from the site"].surprise
    plain = there["country unknown"].surprise
    assert there["learned from the site"].surprise == pytest.approx(plain)


def test_lookalikes_count_in_the_folded_figure():
    told = scored([crop("O1", "")], [doubtful("O1", {0: "0"})])
    assert (told["none"].exact, told["none"].exact_folded) == (0, 1)


def test_what_is_missing_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["--labels", str(tmp_path / "none.csv")]) == 1
    assert "none.csv" in capsys.readouterr().err
    assert main(["--labels", str(tmp_path / "none.csv"), "--height-px", "0"]) == 1
    assert "--height-px 0" in capsys.readouterr().err
