import cv2
import numpy as np
import pytest

from lpr_engine.training.evaluation.drives.plates import CropStock, DrawnStock
from lpr_engine.training.evaluation.labels import EvaluationDataError
from lpr_engine.training.reading.crops import TrainingDataError, read_labels, split
from lpr_engine.training.synthetic.bank import _plate


@pytest.fixture
def crops(tmp_path):
    """Crops of as many texts in one folder; each is of its own grey."""
    rows = ["image_path,plate_text,region"]
    for at in range(120):
        picture = np.full((24, 90, 3), 40 + at, np.uint8)
        assert cv2.imwrite(str(tmp_path / f"{at}.png"), picture)
        rows.append(f"{at}.png,AB{at}CD,DE")
    (tmp_path / "labels.csv").write_text("\n".join(rows) + "\n", "utf-8")
    return tmp_path


def test_drawn_plates_depend_on_seed_and_number_alone():
    one, again = DrawnStock(3).plates(5, 2), DrawnStock(3).plates(5, 2)
    assert [plate.text for plate in one] == [plate.text for plate in again]
    assert np.array_equal(one[1].image, again[1].image)
    assert DrawnStock(4).plates(5, 2)[0].text != one[0].text
    assert DrawnStock(3).plates(6, 2)[0].text != one[0].text
    assert one[0].text != one[1].text


def test_drawn_plates_are_in_no_bank():
    texts = {DrawnStock(1).plates(number, 1)[0].text for number in range(20)}
    assert not texts & {_plate(1, number, None).text for number in range(20)}


def test_only_held_out_crops_are_taken(crops):
    judged = {crop.text for crop in split(read_labels([crops / "labels.csv"]))[1]}
    assert len(judged) > 1
    stock = CropStock(crops, 1)
    taken = [plate for number in range(len(judged)) for plate in stock.plates(number, 2)]
    assert {plate.text for plate in taken} == judged
    assert all(plate.image[0, 0, 0] == 40 + int(plate.text[2:-2]) for plate in taken)
    assert stock.plates(0, 2)[0].text != stock.plates(0, 2)[1].text


def test_a_vehicle_photographed_twice_is_one(crops):
    labels = crops / "labels.csv"
    text = CropStock(crops, 1).plates(0, 1)[0].text
    assert cv2.imwrite(str(crops / "again.png"), np.full((24, 90, 3), 9, np.uint8))
    labels.write_text(labels.read_text("utf-8") + f"again.png,{text},DE\n", "utf-8")
    taken = [CropStock(crops, 1).plates(number, 2) for number in range(20)]
    assert all(one.text != other.text for one, other in taken)


def test_too_few_crops_are_told(crops):
    labels = crops / "labels.csv"
    labels.write_text("\n".join(labels.read_text("utf-8").splitlines()[:2]) + "\n", "utf-8")
    with pytest.raises(EvaluationDataError, match="held out"):
        CropStock(crops, 1)


def test_a_folder_without_labels_is_told(tmp_path):
    with pytest.raises(EvaluationDataError, match=r"labels\.csv"):
        CropStock(tmp_path, 1)


def test_bad_rows_are_named(crops):
    labels = crops / "labels.csv"
    labels.write_text(labels.read_text("utf-8") + "gone.png,AB1,DE\n", "utf-8")
    with pytest.raises(TrainingDataError, match=r"labels.csv:122: gone.png"):
        CropStock(crops, 1)


def test_a_broken_picture_is_named(crops):
    stock = CropStock(crops, 1)
    for path in crops.glob("*.png"):
        path.write_bytes(b"no picture")
    with pytest.raises(EvaluationDataError, match=r"labels.csv:\d+: .*cannot be decoded"):
        stock.plates(0, 1)
