import cv2
import numpy as np
import pytest

from lpr_engine.training.reading.command import options_for
from lpr_engine.training.reading.crops import (
    TrainingDataError,
    load_crops,
    read_labels,
    split,
)
from lpr_engine.training.reading.surroundings import surroundings


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "de").mkdir()
    cv2.imwrite(str(tmp_path / "de" / "one.png"), np.full((20, 90, 3), (10, 20, 200), np.uint8))
    cv2.imwrite(str(tmp_path / "de" / "more.png"), np.full((20, 80, 3), 90, np.uint8))
    return tmp_path


def _labels(folder, *rows, header="image_path,plate_text,region"):
    path = folder / "labels.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def test_good_rows_are_read(folder):
    crops = read_labels([_labels(folder, "de/one.png,AB12,de", "de/more.png,皖A12345,")])
    assert [(c.text, c.group) for c in crops] == [("AB12", "de"), ("A12345", "de")]
    assert all(c.path.is_file() for c in crops)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("de/one.png,GOOD1,de", r"stands in .*labels\.csv:2 already"),
        ("de/one.png,OTHER2,de", r"is 'OTHER2' here and 'GOOD1' in .*labels\.csv:2"),
        ("de/more.png,,de", "no text"),
        ("de/two.png,AB12,de", "no such picture"),
        ("de/more.png,AB-12,de", "has -"),
        ("de/more.png,ab12,de", "has a b"),
        ("de/more.png,ABCDEFGHIJK,de", "longer than 10"),
    ],
)
def test_bad_rows_are_named_by_file_and_line(folder, row, reason):
    path = _labels(folder, "de/one.png,GOOD1,de", row)
    with pytest.raises(TrainingDataError, match=reason) as caught:
        read_labels([path])
    assert f"{path}:3: " in str(caught.value)
    assert caught.value.code == "training_data_invalid"


def test_every_bad_row_is_named_at_once(folder):
    path = _labels(folder, "de/one.png,,de", "no.png,A1,de")
    with pytest.raises(TrainingDataError) as caught:
        read_labels([path])
    assert ":2:" in str(caught.value)
    assert ":3:" in str(caught.value)


def test_rows_that_say_that_they_have_no_text_are_left_out(folder):
    header = "image_path,plate_text,region,label_quality"
    rows = ("de/one.png,,de,none", "de/more.png,AB12,de,human")
    assert [c.text for c in read_labels([_labels(folder, *rows, header=header)])] == ["AB12"]


def test_wrong_columns_are_named(folder):
    with pytest.raises(TrainingDataError, match=r"labels.csv:1: missing column plate_text"):
        read_labels([_labels(folder, "x,y", header="image_path,text")])


def test_a_missing_list_is_named(tmp_path):
    with pytest.raises(TrainingDataError, match=r"absent\.csv"):
        read_labels([tmp_path / "absent.csv"])


def test_a_folder_without_labels_is_named(tmp_path):
    with pytest.raises(TrainingDataError, match="no labels"):
        options_for(tmp_path, tmp_path / "out")


def test_a_data_folder_gives_the_options(folder):
    (folder / "crops").mkdir()
    (folder / "negatives").mkdir()
    labels = _labels(folder / "crops")
    options = options_for(folder, folder / "out", seed=4)
    assert (options.labels, options.around, options.seed) == ((labels,), (folder / "negatives",), 4)


def test_pictures_become_rgb_of_one_size(folder):
    crops = load_crops(read_labels([_labels(folder, "de/one.png,AB12,de")]))
    assert crops.images.shape == (1, 64, 256, 3)
    assert crops.images[0, 30, 30].tolist() == [200, 20, 10]
    assert crops.aspects[0] == pytest.approx(4.5)


def test_a_broken_picture_is_named(folder):
    (folder / "de" / "bad.png").write_bytes(b"no picture")
    with pytest.raises(TrainingDataError, match=r"bad\.png"):
        load_crops(read_labels([_labels(folder, "de/bad.png,AB12,de")]))


def test_a_picture_too_small_to_read_is_named_by_line(folder):
    cv2.imwrite(str(folder / "de" / "tiny.png"), np.zeros((7, 30, 3), np.uint8))
    path = _labels(folder, "de/one.png,AB12,de", "de/tiny.png,AB1,de")
    with pytest.raises(TrainingDataError, match=r"tiny\.png: is 7 px high") as caught:
        load_crops(read_labels([path]))
    assert f"{path}:3: " in str(caught.value)


def test_the_same_picture_under_another_name_cannot_have_another_text(folder):
    (folder / "de" / "copy.png").write_bytes((folder / "de" / "one.png").read_bytes())
    same = read_labels([_labels(folder, "de/one.png,AB12,de", "de/copy.png,AB12,de")])
    assert len(load_crops(same)) == 2
    other = read_labels([_labels(folder, "de/one.png,AB12,de", "de/copy.png,CD34,de")])
    with pytest.raises(TrainingDataError, match=r"copy\.png: is the same picture as one\.png"):
        load_crops(other)


def test_bad_rows_can_be_left_out_once_named(folder, caplog):
    (folder / "de" / "bad.png").write_bytes(b"no picture")
    path = _labels(folder, "de/one.png,AB12,de", "de/bad.png,AB1,de", "de/no.png,AB1,de")
    crops = load_crops(read_labels([path], skip_bad=True), skip_bad=True)
    assert crops.texts == ["AB12"]
    assert f"left out: {path}:3: " in caplog.text
    assert f"left out: {path}:4: " in caplog.text


def test_a_split_is_complete_and_lasting(folder):
    for number in range(60):
        cv2.imwrite(str(folder / f"{number}.png"), np.zeros((4, 9, 3), np.uint8))
    crops = read_labels([_labels(folder, *(f"{n}.png,A{n % 30},de" for n in range(60)))])
    learnt, judged = split(crops, 20)
    assert sorted(c.path for c in [*learnt, *judged]) == sorted(c.path for c in crops)
    assert judged
    assert not {c.text for c in learnt} & {c.text for c in judged}, "a vehicle on both sides"
    assert split(crops[::-1], 20)[1] == judged[::-1]


def test_surroundings_come_from_street_pictures(folder):
    pieces = surroundings([folder], 5, (48, 160), seed=1)
    assert pieces.shape == (5, 48, 160, 3)
    assert len(surroundings([], 5, (48, 160), seed=1)) == 0
