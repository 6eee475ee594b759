"""What tests of the reader's training share."""

from __future__ import annotations

import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from lpr_engine.training.synthetic import render_plate


@pytest.fixture
def curves_undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """As without matplotlib: drawing takes longer than all else that a short training does."""
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)


@pytest.fixture(scope="session")
def drawn_crops(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A `labels.csv` of drawn plates that pass for crops."""
    folder = tmp_path_factory.mktemp("drawn_crops")
    rows = ["image_path,plate_text,region"]
    for number in range(40):
        plate = render_plate(np.random.default_rng((11, number)))
        if len(plate.text) <= 10:
            picture = cv2.cvtColor(plate.image, cv2.COLOR_RGB2BGR)
            cv2.imwrite(str(folder / f"{number}.png"), picture)
            rows.append(f"{number}.png,{plate.text},made")
    (folder / "labels.csv").write_text("\n".join(rows) + "\n")
    return folder / "labels.csv"
