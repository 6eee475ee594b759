"""`lpr-engine read`: pictures, folders and clips in, plates out; bad input named."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from lpr_engine.app.sample import SAMPLE_CLIP
from tests.lpr_engine.cli.conftest import objects

Lpr = Callable[..., tuple[int, str, str]]


def test_json_of_a_picture_has_the_documented_form(lpr: Lpr, car: Path) -> None:
    code, out, _ = lpr("read", car, "--json")
    assert code == 0
    (found,) = objects(out)
    assert list(found) == ["image", "width", "height", "elapsed_ms", "plates"]
    assert (found["image"], found["width"], found["height"]) == (str(car), 1280, 720)
    (plate,) = found["plates"]
    assert set(plate) == {
        "text",
        "confidence",
        "characters",
        "alternatives",
        "box_xyxy",
        "region",
    }
    assert "".join(sign for sign, _ in plate["characters"]) == plate["text"]
    assert 0 < plate["confidence"] <= 1
    x0, y0, x1, y1 = plate["box_xyxy"]
    assert 0 <= x0 < x1 <= 1280
    assert 0 <= y0 < y1 <= 720
    confidences = [other["confidence"] for other in plate["alternatives"]]
    assert confidences == sorted(confidences, reverse=True)
    assert len(confidences) <= 5


def test_clip_gives_one_object_a_passage_with_the_right_texts(
    lpr: Lpr, expected_texts: list[str]
) -> None:
    code, out, _ = lpr("read", SAMPLE_CLIP, "--json")
    assert code == 0
    passages = objects(out)
    assert [one["text"] for one in passages] == expected_texts
    for one in passages:
        assert 0 <= one["first_seen_s"] < one["last_seen_s"] <= 16
        assert one["frames"] >= 2
        assert one["direction"] == "unknown"
        assert len(one["box_xyxy"]) == 4


def test_folder_is_read_in_order_and_broken_pictures_are_named(
    lpr: Lpr, car: Path, tmp_path: Path
) -> None:
    (tmp_path / "a_broken.jpg").write_bytes(car.read_bytes()[:2000])
    (tmp_path / "b_empty.jpg").write_bytes(b"")
    (tmp_path / "notes.txt").write_text("no picture", encoding="utf-8")
    code, out, err = lpr("read", tmp_path, "--json")
    assert code == 1
    assert [Path(one["image"]).name for one in objects(out)] == ["car.png"]
    assert "a_broken.jpg" in err
    assert "b_empty.jpg" in err
    assert "picture_unreadable" in err
    assert "notes" not in err


@pytest.mark.parametrize(
    "pixels",
    [
        np.zeros((1, 1, 3), np.uint8),
        np.zeros((1, 900, 3), np.uint8),
        np.full((720, 1280), 127, np.uint8),
        np.full((720, 1280, 4), 200, np.uint8),
        np.full((4320, 7680, 3), 30, np.uint8),
        np.full((300, 300, 3), 40_000, np.uint16),
    ],
    ids=["1x1", "one row", "grey", "alpha", "8K", "16 bit"],
)
def test_odd_pictures_are_read_and_nothing_is_invented(
    lpr: Lpr, tmp_path: Path, pixels: np.ndarray
) -> None:
    path = tmp_path / "odd.png"
    cv2.imwrite(str(path), pixels)
    code, out, _ = lpr("read", path, "--json")
    assert code == 0
    (found,) = objects(out)
    assert (found["height"], found["width"]) == pixels.shape[:2]
    assert found["plates"] == []


def test_annotated_pictures_are_kept(lpr: Lpr, car: Path, tmp_path: Path) -> None:
    code, _, _ = lpr("read", car, "--save-annotated", tmp_path / "out")
    assert code == 0
    drawn = cv2.imread(str(tmp_path / "out" / "car.jpg"))
    plain = cv2.imread(str(car))
    assert drawn.shape == plain.shape
    assert np.abs(drawn.astype(int) - plain).max() > 100


def test_readable_line_for_people(lpr: Lpr, car: Path) -> None:
    code, out, _ = lpr("read", car)
    assert code == 0
    assert str(car) in out
    assert "%" in out


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["nowhere.jpg"], 1, "there is no nowhere.jpg"),
        (["."], 1, "no picture or clip"),
        ([SAMPLE_CLIP, "--country", "Germany!"], 2, "ISO 3166"),
        ([SAMPLE_CLIP, "--confidence", "2"], 2, "0 to 1"),
        ([], 2, "PATH"),
    ],
)
def test_wrong_words_are_explained(
    lpr: Lpr,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[object],
    code: int,
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    got, _, err = lpr("read", *arguments)
    assert got == code
    assert message in err


def test_text_that_calls_itself_a_clip_is_refused(lpr: Lpr, tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    path.write_text("not a clip " * 100, encoding="utf-8")
    code, out, err = lpr("read", path, "--json")
    assert (code, out) == (1, "")
    assert "clip.mp4" in err


def test_pictures_of_one_name_do_not_replace_each_other(
    lpr: Lpr, car: Path, tmp_path: Path
) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        shutil.copy(car, tmp_path / name / "1.png")
    paths = (tmp_path / "a" / "1.png", tmp_path / "b" / "1.png")
    assert lpr("read", *paths, "--save-annotated", tmp_path / "out")[0] == 0
    assert sorted(one.name for one in (tmp_path / "out").iterdir()) == ["1-2.jpg", "1.jpg"]


def test_originals_are_never_written_over(lpr: Lpr, car: Path) -> None:
    before = car.read_bytes()
    code, out, err = lpr("read", car, "--save-annotated", car.parent)
    assert (code, out) == (1, "")
    assert "annotated_not_kept" in err
    assert [one.name for one in car.parent.iterdir()] == [car.name]
    assert car.read_bytes() == before


def test_folder_that_cannot_be_made_is_named(lpr: Lpr, car: Path, tmp_path: Path) -> None:
    target = car / "out"
    code, _, err = lpr("read", car, "--save-annotated", target)
    assert code == 1
    assert str(target) in err


def test_clips_of_a_folder_are_read_too(
    lpr: Lpr, tmp_path: Path, car: Path, expected_texts: list[str]
) -> None:
    shutil.copy(SAMPLE_CLIP, tmp_path / "Street.MP4")
    code, out, _ = lpr("read", tmp_path, "--json")
    assert code == 0
    names = [Path(one["image"]).name for one in objects(out)]
    assert names == [car.name] + ["Street.MP4"] * len(expected_texts)


def test_link_to_itself_is_no_input(lpr: Lpr, tmp_path: Path) -> None:
    loop = tmp_path / "loop.jpg"
    loop.symlink_to(loop)
    code, _, err = lpr("read", loop)
    assert code == 1
    assert "loop.jpg" in err
    assert "no_input" in err
