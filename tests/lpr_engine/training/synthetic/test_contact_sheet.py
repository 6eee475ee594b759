import cv2
import numpy as np

from lpr_engine.training.synthetic.__main__ import main
from lpr_engine.training.synthetic.contact_sheet import contact_sheet


def test_a_sheet_is_filled_and_repeatable():
    one, two = (contact_sheet(9, 2, degraded=True) for _ in range(2))
    assert np.array_equal(one, two)
    assert one.shape == (128, 1600, 3)
    assert one[64:, 400:].max() == 0


def test_the_command_writes_a_picture(tmp_path):
    path = tmp_path / "sheets" / "out.png"
    assert main(["--sheet", str(path), "--count", "3"]) == 0
    assert cv2.imread(str(path)).shape == (64, 1600, 3)
