import cv2
import numpy as np
import pytest

from lpr_engine.training.synthetic.__main__ import main
from lpr_engine.training.synthetic.contact_sheet import comparison_sheet, contact_sheet


def _photographs(folder, count=5):
    folder.mkdir()
    for number in range(count):
        picture = np.random.default_rng(number).integers(0, 255, (60, 200, 3), np.uint8)
        cv2.imwrite(str(folder / f"{number}.png"), picture)
    return folder


def test_a_sheet_is_filled_and_repeatable():
    one, two = (contact_sheet(9, 2, degraded=True) for _ in range(2))
    assert np.array_equal(one, two)
    assert one.shape == (128, 1600, 3)
    assert one[64:, 400:].max() == 0


def test_the_level_and_the_street_change_the_sheet():
    street = np.random.default_rng(0).integers(0, 255, (100, 300, 3), np.uint8)
    sheets = [
        contact_sheet(2, 2, degraded=True, level=0.0),
        contact_sheet(2, 2, degraded=True, level=1.0),
        contact_sheet(2, 2, degraded=True, level=1.0, streets=[street]),
    ]
    assert len({sheet.tobytes() for sheet in sheets}) == 3


def test_real_crops_lie_to_the_right_of_degraded_ones():
    white = [np.full((40, 150, 3), 255, np.uint8)] * 6
    sheet = comparison_sheet(6, 1, white)
    assert sheet.shape == (128, 1600, 3)
    assert (sheet[:64, 800:] == 255).all()
    assert (sheet[64:, 800:1200] == 255).all()
    assert sheet[64:, 400:800].max() == sheet[64:, 1200:].max() == 0


def test_fewer_real_crops_than_plates_leave_room():
    sheet = comparison_sheet(6, 1, [np.full((40, 150, 3), 255, np.uint8)] * 2)
    assert sheet.shape == (128, 1600, 3)
    assert sheet[:64, 1200:].max() == sheet[64:, 800:].max() == 0


def test_the_command_writes_a_picture(tmp_path):
    path = tmp_path / "sheets" / "out.png"
    assert main(["--sheet", str(path), "--count", "3"]) == 0
    assert cv2.imread(str(path)).shape == (64, 1600, 3)


def test_the_command_compares_with_real_crops(tmp_path):
    path, real = tmp_path / "out.png", _photographs(tmp_path / "real")
    around = _photographs(tmp_path / "around")
    (real / "broken.jpg").write_bytes(b"no picture")
    command = ["--sheet", str(path), "--count", "4", "--real", str(real), "--around", str(around)]
    assert main(command) == 0
    assert cv2.imread(str(path)).shape == (64, 1600, 3)


@pytest.mark.parametrize("option", ["--real", "--around"])
@pytest.mark.parametrize("made", [True, False])
def test_a_folder_without_pictures_is_named(tmp_path, capsys, option, made):
    folder = tmp_path / "empty"
    if made:
        folder.mkdir()
    assert main(["--sheet", str(tmp_path / "out.png"), option, str(folder)]) == 1
    assert str(folder) in capsys.readouterr().err
    assert not (tmp_path / "out.png").exists()
