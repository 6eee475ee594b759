import json
import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest

pytest.importorskip("matplotlib", reason="pictures need the training extra")

from lpr_engine.training.evaluation.reader.failures import MAX_SHOWN, failure_sheet
from lpr_engine.training.evaluation.reader.figures import ReaderReport
from lpr_engine.training.evaluation.reader.folder import ReportFolder, ReportFolderError
from lpr_engine.training.evaluation.reader.plots import confusion_counts

FILES = {"report.json", "rows.csv", "confusion.png", "reliability.png", "failures.png"}


@pytest.fixture(scope="module")
def report(row):
    crop = np.full((30, 90, 3), (0, 0, 220), np.uint8)
    return ReaderReport(
        (
            row("AB10", "AB1O", 0.5, crop=crop),
            row("AB10", "A8", 0.9, crop=crop),
            row("AB10", "AB10X", 0.9),
            row("XY1", "XY1", 0.97, group="us"),
        )
    )


@pytest.fixture(scope="module")
def written(report, tmp_path_factory):
    """The report's folder, as written; not to be changed."""
    folder = tmp_path_factory.mktemp("written") / "new" / "report"
    ReportFolder(folder).write(report)
    return folder


def test_all_files_are_written_and_nothing_else(written):
    folder = written
    assert {path.name for path in folder.iterdir()} == FILES
    assert json.loads((folder / "report.json").read_text("utf-8"))["total"]
    for name in FILES:
        if name.endswith(".png"):
            picture = cv2.imread(str(folder / name))
            assert picture.shape[1] > 600, name
            assert picture.std() > 5, name


def test_failed_crops_are_on_the_sheet(written):
    sheet = cv2.imread(str(written / "failures.png")).astype(int)
    red = (sheet[..., 2] > 180) & (sheet[..., 0] < 40) & (sheet[..., 1] < 40)
    assert red.sum() > 2 * 200 * 60


def test_each_cause_has_a_limit_on_the_sheet(row):
    crop = np.full((30, 90, 3), (0, 0, 220), np.uint8)
    heights = [
        cv2.imdecode(np.frombuffer(failure_sheet(ReaderReport(rows)), np.uint8), 1).shape[0]
        for count in (MAX_SHOWN, MAX_SHOWN + 30)
        for rows in [tuple(row("AB1", "A81", crop=crop) for _ in range(count))]
    ]
    assert heights[0] == heights[1]


def test_a_later_report_replaces_an_earlier_one(written, row, tmp_path):
    folder = Path(shutil.copytree(written, tmp_path / "report"))
    ReportFolder(folder).write(ReaderReport((row("A1", "A1"),)))
    assert {path.name for path in folder.iterdir()} == FILES
    assert len((folder / "rows.csv").read_text("utf-8").splitlines()) == 2


def test_drawing_leaves_the_settings_of_others_alone(report, tmp_path):
    import matplotlib as mpl

    with mpl.rc_context({"font.size": 3.0}):
        ReportFolder(tmp_path).write(report)
        assert mpl.rcParams["font.size"] == 3.0


@pytest.mark.parametrize("name", ["file", "file/below"])
def test_a_file_in_the_way_is_named(name, tmp_path):
    (tmp_path / "file").write_text("mine")
    with pytest.raises(ReportFolderError, match="file"):
        ReportFolder(tmp_path / name)
    assert (tmp_path / "file").read_text() == "mine"


def test_confusion_counts_have_places_for_missing_and_invented_signs(row):
    counts = confusion_counts(ReaderReport((row("B1", "8"), row("B", "BX"))))
    signs = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    b, eight, one, x = (signs.index(sign) for sign in "B81X")
    assert counts[b, b] == 1
    assert counts[36, x] == 1
    assert counts.sum() == 4
    assert counts[b, eight] + counts[one, eight] == 1
    assert counts[b, 36] + counts[one, 36] == 1
