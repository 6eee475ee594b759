from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from lpr_engine.training.detection import DetectorDataError
from lpr_engine.training.evaluation.labels import EvaluationDataError
from lpr_engine.training.evaluation.trials.pictures import picture_sets
from tests.lpr_engine.training.evaluation.plain_streets import streets


def test_both_kinds_of_labels_give_the_same_pictures(judged: Path, validated: Path) -> None:
    (known,), (yolo,) = picture_sets(judged), picture_sets(validated)

    for street, one, other in zip(streets(2), known.pictures, yolo.pictures, strict=True):
        assert np.array_equal(one.pixels, other.pixels)
        assert one.boxes_xyxy[0] == pytest.approx(street.box.as_tuple(), abs=0.01)
        assert one.texts == (street.text,)
        assert other.texts == ()


def test_loose_labels_are_cut_down_as_in_the_training(judged: Path, validated: Path) -> None:
    (known,), (yolo,) = picture_sets(judged), picture_sets(validated)

    same, loose = (one.boxes_xyxy[0] for one in yolo.pictures)
    assert same == pytest.approx(known.pictures[0].boxes_xyxy[0], abs=0.01)
    x0, y0, x1, y1 = known.pictures[1].boxes_xyxy[0]
    width, height = x1 - x0, y1 - y0
    cut = (x0 + 0.05 * width, y0 + 0.125 * height, x1 - 0.04 * width, y1 - 0.16 * height)
    assert loose == pytest.approx(cut, abs=0.01)


def test_every_fault_is_named_by_file_and_line(tmp_path: Path) -> None:
    file = tmp_path / "labels.csv"
    (tmp_path / "torn.jpg").write_bytes(b"no picture")
    file.write_text(
        "image,x,y,w,h,plate\ntorn.jpg,1,1,5,5,AB1\ngone.png,1,1,5,5,AB1\ntorn.jpg,1,1,0,5,AB1\n",
        encoding="utf-8",
    )

    with pytest.raises(EvaluationDataError) as caught:
        list(picture_sets(tmp_path))

    told = str(caught.value)
    assert f"{file}:2: {tmp_path / 'torn.jpg'}" in told
    assert f"{file}:3: no picture 'gone.png'" in told
    assert f"{file}:4: a box of 0 x 5 pixels" in told


def test_a_box_outside_its_picture_is_refused(judged: Path, tmp_path: Path) -> None:
    (tmp_path / "0.png").write_bytes((judged / "0.png").read_bytes())
    file = tmp_path / "labels.csv"
    file.write_text("image,x,y,w,h,plate\n0.png,1270,10,20,10,AB1\n", encoding="utf-8")

    with pytest.raises(EvaluationDataError, match="leaves the picture of 1280 x 720") as caught:
        list(picture_sets(tmp_path))
    assert f"{file}:2: " in str(caught.value)


def test_bad_yolo_labels_are_refused(tmp_path: Path) -> None:
    (tmp_path / "images").mkdir()
    with pytest.raises(DetectorDataError, match="no picture"):
        list(picture_sets(tmp_path))
