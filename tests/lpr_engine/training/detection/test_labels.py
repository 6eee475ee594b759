from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lpr_engine.training.detection.errors import DetectorDataError
from lpr_engine.training.detection.labels import parse_label, read_labelled, read_picture


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("0 0.5 0.5 0.2", "expected 5 values"),
        ("0 0.5 0.5 0.2 0.1 0.9", "expected 5 values"),
        ("0 0.5 half 0.2 0.1", "not a number"),
        ("0 nan 0.5 0.2 0.1", "not finite"),
        ("1 0.5 0.5 0.2 0.1", "class 1"),
        ("0 0.5 0.5 0 0.1", "no area"),
        ("0 0.5 0.5 0.2 -0.1", "no area"),
        ("0 0.95 0.5 0.2 0.1", "outside the picture"),
    ],
)
def test_bad_label_is_told_apart(line: str, problem: str) -> None:
    told = parse_label(line)
    assert isinstance(told, str)
    assert problem in told


@given(st.floats(0, 0.9), st.floats(0, 0.9), st.floats(0.01, 0.1), st.floats(0.01, 0.1))
def test_good_label_gives_its_box(x0: float, y0: float, width: float, height: float) -> None:
    parsed = parse_label(f"0 {x0 + width / 2} {y0 + height / 2} {width} {height}")
    assert not isinstance(parsed, str)
    assert parsed == pytest.approx((x0, y0, x0 + width, y0 + height), abs=1e-6)


def test_a_rounded_edge_is_pulled_into_the_picture() -> None:
    assert parse_label("0 0.1 0.5 0.2005 0.2")[0] == 0.0


def test_boxes_are_in_pixels_of_the_shrunk_picture(data: Path) -> None:
    labels = data / "detection" / "train" / "labels" / "0.txt"
    labels.write_text("0 0.5 0.5 0.25 0.5\n\n")
    item = read_labelled(data / "detection" / "train", longest_side_px=160)[0]
    assert item.pixels.shape == (120, 160, 3)
    assert item.boxes_xyxy.tolist() == [[60, 30, 100, 90]]


def test_a_picture_without_label_file_shows_no_plate(data: Path) -> None:
    (data / "detection" / "train" / "labels" / "2.txt").unlink()
    items = read_labelled(data / "detection" / "train", 800)
    assert [len(item.boxes_xyxy) for item in items] == [1, 1, 0, 1, 1, 1]


def test_every_bad_file_is_named_with_its_line(data: Path) -> None:
    folder = data / "detection" / "train"
    (folder / "labels" / "0.txt").write_text(
        "0 0.5 0.5 0.1 0.1\n2 0.5 0.5 0.1 0.1\n0 0.5 0.5 0 0.1\n\n0 0.98 0.5 0.1 0.1\n"
    )
    (folder / "labels" / "1.txt").write_bytes(b"\xff\xfe\x00")
    (folder / "images" / "3.png").write_bytes(b"no picture")
    (folder / "images" / "4.png").write_bytes(b"")
    with pytest.raises(DetectorDataError) as caught:
        read_labelled(folder, 800)
    told = str(caught.value)
    assert f"{folder / 'labels' / '0.txt'}:2: class 2" in told
    assert f"{folder / 'labels' / '0.txt'}:3: the box has no area" in told
    assert f"{folder / 'labels' / '0.txt'}:5: the box reaches outside the picture" in told
    assert f"{folder / 'labels' / '1.txt'}: not a text file" in told
    assert f"{folder / 'images' / '3.png'}: not a readable picture" in told
    assert f"{folder / 'images' / '4.png'}: not a readable picture" in told


def test_many_problems_are_counted(data: Path) -> None:
    folder = data / "detection" / "train"
    (folder / "labels" / "0.txt").write_text("bad\n" * 30)
    with pytest.raises(DetectorDataError, match="and 10 more"):
        read_labelled(folder, 800)


def test_an_empty_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DetectorDataError, match="no picture"):
        read_labelled(tmp_path, 800)


def test_small_pictures_keep_their_size(tmp_path: Path) -> None:
    path = tmp_path / "small.png"
    cv2.imwrite(str(path), np.zeros((20, 30, 3), np.uint8))
    pixels = read_picture(path, 800)
    assert pixels is not None
    assert pixels.shape == (20, 30, 3)
