from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from lpr_engine.model.geometry import Box
from lpr_engine.model.observation import Detection
from lpr_engine.training.evaluation.labels import EvaluationDataError
from lpr_engine.training.evaluation.reader.plates import TruePlate, crop_of, read_true_plates
from lpr_engine.vision.cropper import LooseCropper

PICTURES = "image,x,y,w,h,plate"
CROPS = "image_path,plate_text,region"

Labels = Callable[..., Path]


def test_pictures_are_a_set_named_by_their_folder(street: Path, labels: Labels) -> None:
    file = labels(PICTURES, "car.png,100,200,330,96,ab-123 cd")
    (plate,) = read_true_plates(street)
    assert plate == TruePlate(
        f"{file}:2", street / "car.png", Box(100, 200, 430, 296), "AB123CD", "", street.name
    )


def test_crops_are_sets_by_region_and_leave_the_province_out(street: Path, labels: Labels) -> None:
    labels(CROPS, "car.png,AB1,DE", "car.png,京A12345,CN", "car.png,X1,")
    plates = read_true_plates(street)
    assert [(one.text, one.region, one.group) for one in plates] == [
        ("AB1", "DE", "DE"),
        ("A12345", "CN", "CN"),
        ("X1", "", street.name),
    ]
    assert all(one.box is None for one in plates)


def test_several_folders_keep_their_crops_apart(street: Path, labels: Labels) -> None:
    for name in ("one", "two"):
        labels(CROPS, "../car.png,AB1,DE", folder=street / name)
    assert [plate.group for plate in read_true_plates(street)] == ["one/DE", "two/DE"]


def test_rows_that_say_that_they_have_no_text_are_left_out(street: Path, labels: Labels) -> None:
    labels(CROPS + ",label_quality", "car.png,,DE,none", "car.png,AB1,DE,human")
    assert len(read_true_plates(street)) == 1


@pytest.mark.parametrize(
    ("header", "bad", "reason"),
    [
        (PICTURES, "gone.png,1,1,5,5,AB1", "no picture 'gone.png'"),
        (PICTURES, "car.png,one,1,5,5,AB1", "x is 'one'"),
        (PICTURES, "car.png,1,1,5,5,", "no letter or digit"),
        (PICTURES, "car.png,1,1,5,5,--", "no letter or digit"),
        (PICTURES, "car.png,1,1,5,5,MÜ1", "has Ü; only A-Z, 0-9"),
        (PICTURES, "car.png,1,1,5", "h is ''"),
        (CROPS, "gone.png,AB1,DE", "no picture 'gone.png'"),
        (CROPS, ",AB1,DE", "no picture ''"),
        (CROPS, "car.png,,DE", "no letter or digit"),
        (CROPS, "car.png,京,CN", "no letter or digit"),
        (CROPS, "car.png,A京1,CN", "has 京"),
        (CROPS, "car.png", "no letter or digit"),
    ],
)
def test_bad_rows_are_all_named_by_file_and_line(
    header: str, bad: str, reason: str, street: Path, labels: Labels
) -> None:
    good = "car.png,1,1,5,5,AB1" if header == PICTURES else "car.png,AB1,DE"
    file = labels(header, good, bad, bad)
    with pytest.raises(EvaluationDataError) as caught:
        read_true_plates(street)
    assert reason in str(caught.value)
    assert f"{file}:3: " in str(caught.value)
    assert f"{file}:4: " in str(caught.value)


def test_many_bad_rows_are_counted(street: Path, labels: Labels) -> None:
    labels(CROPS, *["gone.png,AB1,DE"] * 30)
    with pytest.raises(EvaluationDataError, match="and 10 more"):
        read_true_plates(street)


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("file,text", "no column image, x, y, w, h, plate and no column image_path, plate_text"),
        ("image_path,text", "no column plate_text"),
        (PICTURES, "no labelled plate"),
    ],
)
def test_files_without_columns_or_rows_are_refused(
    header: str, message: str, street: Path, labels: Labels
) -> None:
    file = labels(header)
    with pytest.raises(EvaluationDataError, match=message) as caught:
        read_true_plates(street)
    assert str(file) in str(caught.value)


def test_folder_without_labels_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EvaluationDataError, match=r"labels\.csv"):
        read_true_plates(tmp_path)


def test_true_box_is_cut_as_the_engine_cuts_a_detection(street: Path, labels: Labels) -> None:
    labels(PICTURES, "car.png,100,200,330,96,AB123CD")
    (plate,) = read_true_plates(street)
    crop, detection = crop_of(plate)
    assert detection == Detection(Box(100, 200, 430, 296), 1.0)
    picture = cv2.imread(str(street / "car.png"))
    assert np.array_equal(crop.pixels, LooseCropper().crop(picture, detection).pixels)
    assert crop.quality > 0.3


def test_crop_is_kept_whole_and_not_taken_for_a_clipped_plate(
    street: Path, labels: Labels, plate_picture: np.ndarray
) -> None:
    cv2.imwrite(str(street / "crop.png"), plate_picture)
    labels(CROPS, "crop.png,AB123CD,DE")
    (plate,) = read_true_plates(street)
    crop, _ = crop_of(plate)
    inner = LooseCropper(0, 0, enhances=False)
    wide = Detection(Box(0, 0, plate_picture.shape[1], plate_picture.shape[0]), 1.0)
    assert crop.pixels.shape == plate_picture.shape
    assert crop.quality > 1.5 * inner.crop(plate_picture, wide).quality


@pytest.mark.parametrize("box", ["600,200,60,20", "100,470,60,20"])
def test_box_outside_its_picture_is_named(box: str, street: Path, labels: Labels) -> None:
    file = labels(PICTURES, f"car.png,{box},AB1")
    (plate,) = read_true_plates(street)
    with pytest.raises(EvaluationDataError, match="leaves the picture of 640 x 480") as caught:
        crop_of(plate)
    assert f"{file}:2: " in str(caught.value)


def test_box_may_be_rounded_up_at_the_edge(street: Path, labels: Labels) -> None:
    labels(PICTURES, "car.png,600,460,41,21,AB1")
    (plate,) = read_true_plates(street)
    crop, detection = crop_of(plate)
    assert detection.box == Box(600, 460, 640, 480)
    assert crop.pixels.size


def test_damaged_picture_is_named_with_its_line(street: Path, labels: Labels) -> None:
    (street / "bad.jpg").write_bytes(b"no picture")
    file = labels(CROPS, "bad.jpg,AB1,DE")
    (plate,) = read_true_plates(street)
    with pytest.raises(EvaluationDataError, match=r"bad\.jpg") as caught:
        crop_of(plate)
    assert f"{file}:2: " in str(caught.value)
